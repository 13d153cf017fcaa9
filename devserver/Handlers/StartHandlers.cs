using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>What a start found or made.</summary>
internal readonly record struct StartOutcome(Run Run, bool Started);

/// <summary>Starts of workflows, alone or with a signal.</summary>
internal sealed class StartHandlers(ServerEngine engine)
{
    public void AddTo(ServiceTable table) => table
        .Add<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse>("StartWorkflowExecution", (r, _) => engine.ActAsync(t => Answer(Start(t, r))))
        .Add<SignalWithStartWorkflowExecutionRequest, SignalWithStartWorkflowExecutionResponse>(
            "SignalWithStartWorkflowExecution", (r, _) => engine.ActAsync(t => SignalWithStart(t, r)));

    /// <summary>Starts, or finds what the id policies say. The first task is scheduled unless <paramref name="beforeFirstTask"/> says otherwise.</summary>
    public static StartOutcome Start(Transition t, StartWorkflowExecutionRequest r, Action<Run>? beforeFirstTask = null)
    {
        Check(t, r);
        var current = t.Runs.Current(r.Namespace, r.WorkflowId);
        if (current is not null && current.State.StartRequestId == r.RequestId && r.RequestId.Length > 0)
            return new(current, true);
        if (current is { State.IsOpen: true })
        {
            if (Conflict(r) == WorkflowIdConflictPolicy.UseExisting)
                return new(current, false);
            if (Conflict(r) != WorkflowIdConflictPolicy.TerminateExisting)
                throw AlreadyStarted(current, $"Workflow execution is already running. WorkflowId: {r.WorkflowId}, RunId: {current.Id}.");
            Closing.Terminate(current, t, "TerminateIfRunning WorkflowIdReusePolicy Policy", null, "history-service");
        }
        else if (current is not null && !ReusePolicies.MayFollow(current.State.Status, r.WorkflowIdReusePolicy))
        {
            throw AlreadyStarted(current, $"Workflow execution already finished{(r.WorkflowIdReusePolicy == WorkflowIdReusePolicy.RejectDuplicate ? "" : " successfully")}. "
                + $"WorkflowId: {r.WorkflowId}, RunId: {current.Id}. Workflow Id reuse policy: {r.WorkflowIdReusePolicy}.");
        }
        var run = NextRuns.Create(t, New(r), Started(t, r), r.UserMetadata);
        beforeFirstTask?.Invoke(run);
        WorkflowTasks.Need(run, t);
        return new(run, true);
    }

    public static StartWorkflowExecutionResponse Answer(StartOutcome outcome) => new()
    {
        RunId = outcome.Run.Id,
        FirstExecutionRunId = outcome.Run.State.FirstRunId,
        Started = outcome.Started,
        Status = outcome.Run.State.Status,
    };

    private static SignalWithStartWorkflowExecutionResponse SignalWithStart(Transition t, SignalWithStartWorkflowExecutionRequest r)
    {
        Limits.Id(r.SignalName, "SignalName");
        Limits.Blob(r.SignalInput, "SignalWithStartWorkflowExecution.SignalInput");
        var signal = new WorkflowExecutionSignaledEventAttributes
        {
            SignalName = r.SignalName,
            Input = r.SignalInput,
            Header = r.Header,
            Identity = r.Identity,
            RequestId = r.RequestId,
        };
        var current = t.Runs.Current(r.Namespace, r.WorkflowId);
        var policy = r.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.Unspecified ? WorkflowIdConflictPolicy.UseExisting : r.WorkflowIdConflictPolicy;
        if (current is { State.IsOpen: true } && policy == WorkflowIdConflictPolicy.UseExisting)
        {
            Signals.Add(current, t, signal);
            return new() { RunId = current.Id, Started = false, FirstExecutionRunId = current.State.FirstRunId };
        }
        var outcome = Start(t, StartOf(r, policy), run => Signals.Add(run, t, signal));
        return new() { RunId = outcome.Run.Id, Started = outcome.Started, FirstExecutionRunId = outcome.Run.State.FirstRunId };
    }

    private static void Check(Transition t, StartWorkflowExecutionRequest r)
    {
        Limits.Id(r.WorkflowId, "WorkflowId");
        Limits.Id(r.WorkflowType?.Name ?? "", "WorkflowType");
        Limits.Id(r.TaskQueue?.Name ?? "", "TaskQueue");
        Limits.Blob(r.Input, "StartWorkflowExecution.Input");
        Limits.Blob(r.Memo, "Memo");
        if (r.CronSchedule.Length > 0)
            throw Failures.Unimplemented("temporal.api.workflowservice.v1.WorkflowService", "StartWorkflowExecution with a cron schedule (use a schedule)");
        if (r.RequestEagerExecution)
            r.RequestEagerExecution = false;
        r.SearchAttributes = r.SearchAttributes is null ? null : AttributeCheck.Checked(t.Runs.Attributes(r.Namespace), r.SearchAttributes);
    }

    private static WorkflowIdConflictPolicy Conflict(StartWorkflowExecutionRequest r)
    {
        if (r.WorkflowIdConflictPolicy != WorkflowIdConflictPolicy.Unspecified)
            return r.WorkflowIdConflictPolicy;
#pragma warning disable CS0612 // The old name of a policy that clients still send.
        return r.WorkflowIdReusePolicy == WorkflowIdReusePolicy.TerminateIfRunning ? WorkflowIdConflictPolicy.TerminateExisting : WorkflowIdConflictPolicy.Fail;
#pragma warning restore CS0612
    }

    private static RpcFailure AlreadyStarted(Run current, string message) => Failures.WorkflowAlreadyStarted(message, current.State.StartRequestId, current.Id);

    private static NewRun New(StartWorkflowExecutionRequest r) => new(r.Namespace, r.WorkflowId, r.RequestId)
    {
        Delay = r.WorkflowStartDelay?.ToTimeSpan() ?? default,
        DelayEndsBySignal = true,
    };

    private static WorkflowExecutionStartedEventAttributes Started(Transition t, StartWorkflowExecutionRequest r) => new()
    {
        WorkflowType = r.WorkflowType,
        TaskQueue = r.TaskQueue,
        Input = r.Input,
        Header = r.Header,
        WorkflowExecutionTimeout = r.WorkflowExecutionTimeout,
        WorkflowRunTimeout = r.WorkflowRunTimeout,
        WorkflowTaskTimeout = r.WorkflowTaskTimeout,
        WorkflowExecutionExpirationTime = r.WorkflowExecutionTimeout?.ToTimeSpan() is { Ticks: > 0 } limit
            ? Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(t.Now + limit) : null,
        RetryPolicy = r.RetryPolicy is null ? null : Retries.Filled(r.RetryPolicy),
        Memo = r.Memo,
        SearchAttributes = r.SearchAttributes,
        Identity = r.Identity,
        ContinuedFailure = r.ContinuedFailure,
        LastCompletionResult = r.LastCompletionResult,
        Priority = r.Priority,
    };

    private static StartWorkflowExecutionRequest StartOf(SignalWithStartWorkflowExecutionRequest r, WorkflowIdConflictPolicy policy) => new()
    {
        Namespace = r.Namespace,
        WorkflowId = r.WorkflowId,
        WorkflowType = r.WorkflowType,
        TaskQueue = r.TaskQueue,
        Input = r.Input,
        Header = r.Header,
        WorkflowExecutionTimeout = r.WorkflowExecutionTimeout,
        WorkflowRunTimeout = r.WorkflowRunTimeout,
        WorkflowTaskTimeout = r.WorkflowTaskTimeout,
        Identity = r.Identity,
        RequestId = r.RequestId,
        WorkflowIdReusePolicy = r.WorkflowIdReusePolicy,
        WorkflowIdConflictPolicy = policy == WorkflowIdConflictPolicy.UseExisting ? WorkflowIdConflictPolicy.Unspecified : policy,
        RetryPolicy = r.RetryPolicy,
        CronSchedule = r.CronSchedule,
        Memo = r.Memo,
        SearchAttributes = r.SearchAttributes,
        WorkflowStartDelay = r.WorkflowStartDelay,
        UserMetadata = r.UserMetadata,
        Priority = r.Priority,
    };
}
