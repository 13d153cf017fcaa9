using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.WorkflowService.V1;
using Operation = Temporalio.Api.WorkflowService.V1.ExecuteMultiOperationRequest.Types.Operation;

namespace Rotation.DevServer.Handlers;

/// <summary>Update-with-start: both or none, in one transition.</summary>
internal sealed class MultiOperationHandlers(ServerEngine engine, UpdateHandlers updates)
{
    public void AddTo(ServiceTable table) => table.Add<ExecuteMultiOperationRequest, ExecuteMultiOperationResponse>("ExecuteMultiOperation", ExecuteAsync);

    private async Task<ExecuteMultiOperationResponse> ExecuteAsync(ExecuteMultiOperationRequest r, CallContext context)
    {
        if (r.Operations.Count != 2 || r.Operations[0].OperationCase != Operation.OperationOneofCase.StartWorkflow
            || r.Operations[1].OperationCase != Operation.OperationOneofCase.UpdateWorkflow)
            throw Failures.InvalidArgument("Operations have to be exactly [Start, Update].");
        var start = r.Operations[0].StartWorkflow;
        var update = r.Operations[1].UpdateWorkflow;
        Check(r, start, update);
        var (outcome, pending) = await engine.ActAsync(t => Both(t, start, update)).ConfigureAwait(false);
        var response = new ExecuteMultiOperationResponse();
        response.Responses.Add(new ExecuteMultiOperationResponse.Types.Response { StartWorkflow = StartHandlers.Answer(outcome) });
        try
        {
            response.Responses.Add(new ExecuteMultiOperationResponse.Types.Response
            {
                UpdateWorkflow = await updates.AwaitAsync(update, outcome.Run, pending, context).ConfigureAwait(false),
            });
        }
        catch (RpcFailure failure)
        {
            throw Failures.MultiOperation(outcome.Started ? Failures.MultiOperationDone() : Failures.MultiOperationAborted(), failure);
        }
        return response;
    }

    /// <summary>What one operation may ask alone, but not together with the other. The answer tells which operation is at fault.</summary>
    private static void Check(ExecuteMultiOperationRequest r, StartWorkflowExecutionRequest start, UpdateWorkflowExecutionRequest update)
    {
        var startFault = start.Namespace.Length > 0 && start.Namespace != r.Namespace ? "Operation namespace did not match request's namespace."
            : start.CronSchedule.Length > 0 ? "CronSchedule is not allowed."
            : start.RequestEagerExecution ? "RequestEagerExecution is not supported."
            : Durations.Of(start.WorkflowStartDelay) > TimeSpan.Zero ? "WorkflowStartDelay is not supported."
            : null;
        if (startFault is not null)
            throw Failures.MultiOperation(Failures.InvalidArgument(startFault), Failures.MultiOperationAborted());
        var updateFault = update.Namespace.Length > 0 && update.Namespace != r.Namespace ? "Operation namespace did not match request's namespace."
            : update.WorkflowExecution?.WorkflowId != start.WorkflowId ? "WorkflowId is not consistent with previous operation(s)."
            : update.WorkflowExecution.RunId.Length > 0 ? "RunId is not allowed."
            : update.FirstExecutionRunId.Length > 0 ? "FirstExecutionRunId is not allowed."
            : null;
        if (updateFault is not null)
            throw Failures.MultiOperation(Failures.MultiOperationAborted(), Failures.InvalidArgument(updateFault));
        start.Namespace = update.Namespace = r.Namespace;
    }

    private static (StartOutcome Outcome, PendingUpdate? Pending) Both(
        Transition t, StartWorkflowExecutionRequest start, UpdateWorkflowExecutionRequest update)
    {
        StartOutcome outcome;
        try
        {
            StartHandlers.Check(t, start);
            outcome = t.Runs.Current(start.Namespace, start.WorkflowId) is { } current && Joins(current, start, update.Request?.Meta?.UpdateId ?? "")
                ? new(current, false)
                : StartHandlers.Start(t, start);
        }
        catch (RpcFailure failure)
        {
            throw Failures.MultiOperation(failure, Failures.MultiOperationAborted());
        }
        try
        {
            return (outcome, UpdateHandlers.Admit(t, update).Pending);
        }
        catch (RpcFailure failure)
        {
            throw Failures.MultiOperation(Failures.MultiOperationAborted(), failure);
        }
    }

    /// <summary>Whether the update is for the run there is, whatever the policies say: the run has or had it, or was started by the same request.</summary>
    private static bool Joins(Run current, StartWorkflowExecutionRequest start, string updateId) =>
        current.State.Updates.GetValueOrDefault(updateId) is { CompletedId: > 0 }
        || (current.State.IsOpen && (current.State.StartRequestId == start.RequestId || current.State.Updates.ContainsKey(updateId) || current.Updates.Find(updateId) is not null));
}
