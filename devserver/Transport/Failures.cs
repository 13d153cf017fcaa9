using Grpc.Core;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;

namespace Rotation.DevServer.Transport;

/// <summary>
/// Every refusal the server knows, one factory each. Permanent conditions never use UNKNOWN or INTERNAL: clients retry those.
/// </summary>
internal static class Failures
{
    /// <summary>The text the SDK compares letter by letter to evict a workflow quietly.</summary>
    public const string UnhandledCommandText = "UnhandledCommand";

    /// <summary>What callers are told who come while a run ends; they try again.</summary>
    public const string WorkflowClosingText = "workflow operation can not be applied because workflow is closing";

    public static RpcFailure WorkflowAlreadyStarted(string message, string startRequestId, string runId) => new(
        StatusCode.AlreadyExists, message, new WorkflowExecutionAlreadyStartedFailure { StartRequestId = startRequestId, RunId = runId });

    public static RpcFailure QueryFailed(string message, Failure? failure) =>
        new(StatusCode.InvalidArgument, message, new QueryFailedFailure { Failure = failure });

    /// <summary>A multi-operation failed: takes the code of its first failure that is not "aborted because of the other".</summary>
    public static RpcFailure MultiOperation(params IReadOnlyList<RpcFailure> perOperation)
    {
        var cause = perOperation.First(f => f.Code != StatusCode.OK && f.Detail is not MultiOperationExecutionAborted);
        var detail = new MultiOperationExecutionFailure();
        detail.Statuses.AddRange(perOperation.Select(f => f.ToStatus()));
        return new RpcFailure(cause.Code, "Update-with-Start could not be executed.", detail);
    }

    /// <summary>The part of a multi-operation that was done although the other failed.</summary>
    public static RpcFailure MultiOperationDone() => new(StatusCode.OK, "");

    /// <summary>The part of a multi-operation that was not tried because the other failed.</summary>
    public static RpcFailure MultiOperationAborted() =>
        new(StatusCode.Aborted, "Operation was aborted.", new MultiOperationExecutionAborted());

    public static RpcFailure ScheduleAlreadyExists(string scheduleId, string requestId) => new(
        StatusCode.AlreadyExists, $"schedule \"{scheduleId}\" is already running", new WorkflowExecutionAlreadyStartedFailure { StartRequestId = requestId });

    public static RpcFailure AlreadyExists(string message) => new(StatusCode.AlreadyExists, message);

    public static RpcFailure NotFound(string message) => new(StatusCode.NotFound, message, new NotFoundFailure());

    public static RpcFailure WorkflowNotFound(string workflowId) => NotFound($"workflow not found for ID: {workflowId}");

    public static RpcFailure WorkflowClosed() => NotFound("workflow execution already completed");

    public static RpcFailure NamespaceNotFound(string name) =>
        new(StatusCode.NotFound, $"Namespace {name} is not found.", new NamespaceNotFoundFailure { Namespace = name });

    public static RpcFailure RunNotFound(string workflowId, string runId) => NotFound($"workflow execution not found for workflow ID \"{workflowId}\" and run ID \"{runId}\"");

    public static RpcFailure WorkflowTaskNotFound() => NotFound("Workflow task not found.");

    public static RpcFailure ActivityTaskNotFound() => NotFound("invalid activityID or activity already timed out or invoking workflow is completed");

    public static RpcFailure InvalidArgument(string message) => new(StatusCode.InvalidArgument, message);

    public static RpcFailure FailedPrecondition(string message) => new(StatusCode.FailedPrecondition, message);

    public static RpcFailure WorkflowNotReady(string message) => new(StatusCode.FailedPrecondition, message, new WorkflowNotReadyFailure());

    public static RpcFailure BusyWorkflow(string message) => new(
        StatusCode.ResourceExhausted,
        message,
        new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.BusyWorkflow, Scope = ResourceExhaustedScope.Namespace });

    public static RpcFailure ConcurrentLimit(string message) => new(
        StatusCode.ResourceExhausted,
        message,
        new ResourceExhaustedFailure { Cause = ResourceExhaustedCause.ConcurrentLimit, Scope = ResourceExhaustedScope.Namespace });

    public static RpcFailure PermissionDenied(string message) => new(StatusCode.PermissionDenied, message, new PermissionDeniedFailure());

    public static RpcFailure Unimplemented(string service, string method) => new(
        StatusCode.Unimplemented, $"{service}/{method} is not part of this embedded server; use a Temporal service for it.");

    public static RpcFailure Unavailable(string message) => new(StatusCode.Unavailable, message);
}
