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

    /// <summary>Starts, or finds what the id policies say. <paramref name="beforeFirstTask"/> may add events before the first task is scheduled.</summary>
    public static StartOutcome Start(Transition t, StartWorkflowExecutionRequest r, Action<Run>? beforeFirstTask = null)
    {
        Check(t, r);
        var current = t.Runs.Current(r.Namespace, r.WorkflowId);
        if (current is not null && current.State.StartRequestId == r.RequestId && r.RequestId.Length > 0)
            return new(current, true);
        var conflict = IdPolicies.Conflict(r.WorkflowIdReusePolicy, r.WorkflowIdConflictPolicy, WorkflowIdConflictPolicy.Fail);
        if (current is { State.IsOpen: true } && conflict == WorkflowIdConflictPolicy.UseExisting)
            return new(current, false);
        var what = new NewRun(r.Namespace, r.WorkflowId, r.RequestId) { Delay = Durations.Of(r.WorkflowStartDelay) };
        if (IdPolicies.Resolve(t, current, r.WorkflowIdReusePolicy, conflict, what.RunId) is { } taken)
            throw taken;
        var run = NextRuns.Create(t, what, Started(r), r.UserMetadata);
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
        Limits.Id(r.WorkflowId, "WorkflowId");
        Limits.Id(r.SignalName, "SignalName");
        var signal = new WorkflowExecutionSignaledEventAttributes
        {
            SignalName = r.SignalName,
            Input = r.SignalInput,
            Header = r.Header,
            Identity = r.Identity,
            RequestId = r.RequestId,
        };
        var start = StartOf(r);
        Check(t, start);
        if (r.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.Fail)
            throw Failures.InvalidArgument("Invalid WorkflowIDConflictPolicy: WORKFLOW_ID_CONFLICT_POLICY_FAIL is not supported for this operation.");
        Limits.Blob(r.SignalInput);
        var current = t.Runs.Current(r.Namespace, r.WorkflowId);
        var conflict = IdPolicies.Conflict(r.WorkflowIdReusePolicy, r.WorkflowIdConflictPolicy, WorkflowIdConflictPolicy.UseExisting);
        if (current is { State.IsOpen: true } && conflict == WorkflowIdConflictPolicy.UseExisting)
        {
            // Unlike a plain signal, this one ends a start delay.
            current.State.Delayed = current.State.Delayed && Signals.IsKnown(current, r.RequestId);
            Signals.Add(current, t, signal);
            return new() { RunId = current.Id, Started = false, FirstExecutionRunId = current.State.FirstRunId };
        }
        var outcome = Start(t, start, run => Signals.Add(run, t, signal));
        return new() { RunId = outcome.Run.Id, Started = outcome.Started, FirstExecutionRunId = outcome.Run.State.FirstRunId };
    }

    /// <summary>Refuses a start that nothing can be made of; fills in what the caller left to the server.</summary>
    public static void Check(Transition t, StartWorkflowExecutionRequest r)
    {
        Limits.Id(r.WorkflowId, "WorkflowId");
        if (Retries.Fault(r.RetryPolicy) is { } badPolicy)
            throw Failures.InvalidArgument(badPolicy);
        Limits.Length(r.WorkflowStartDelay, "WorkflowStartDelaySeconds");
        Limits.Id(r.WorkflowType?.Name ?? "", "WorkflowType");
        Limits.Queue(r.TaskQueue);
        Limits.Timeouts(r.WorkflowExecutionTimeout, r.WorkflowRunTimeout, r.WorkflowTaskTimeout);
        r.RequestId = r.RequestId.Length > 0 ? r.RequestId : Guid.NewGuid().ToString();
        Limits.Length(r.RequestId, "RequestId");
        if (IdPolicies.Fault(r.WorkflowIdReusePolicy, r.WorkflowIdConflictPolicy) is { } badPair)
            throw Failures.InvalidArgument(badPair);
        if (r.CronSchedule.Length > 0)
            throw Failures.Unimplemented("temporal.api.workflowservice.v1.WorkflowService", "StartWorkflowExecution with a cron schedule (use a schedule)");
        r.SearchAttributes = r.SearchAttributes is null ? null : AttributeCheck.Checked(t.Runs.Attributes(r.Namespace), r.SearchAttributes);
        Limits.Priority(r.Priority);
        Limits.Blob(r.Input);
        Limits.Memo(r.Memo);
    }

    private static WorkflowExecutionStartedEventAttributes Started(StartWorkflowExecutionRequest r) => new()
    {
        WorkflowType = r.WorkflowType,
        TaskQueue = new() { Name = r.TaskQueue.Name, Kind = TaskQueueKind.Normal },
        Input = r.Input,
        Header = r.Header,
        WorkflowExecutionTimeout = r.WorkflowExecutionTimeout,
        WorkflowRunTimeout = r.WorkflowRunTimeout,
        WorkflowTaskTimeout = r.WorkflowTaskTimeout,
        RetryPolicy = r.RetryPolicy is null ? null : Retries.Filled(r.RetryPolicy),
        Memo = r.Memo,
        SearchAttributes = r.SearchAttributes,
        Identity = r.Identity,
        ContinuedFailure = r.ContinuedFailure,
        LastCompletionResult = r.LastCompletionResult,
        Priority = r.Priority,
    };

    private static StartWorkflowExecutionRequest StartOf(SignalWithStartWorkflowExecutionRequest r) => new()
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
        WorkflowIdConflictPolicy = r.WorkflowIdConflictPolicy,
        RetryPolicy = r.RetryPolicy,
        CronSchedule = r.CronSchedule,
        Memo = r.Memo,
        SearchAttributes = r.SearchAttributes,
        WorkflowStartDelay = r.WorkflowStartDelay,
        UserMetadata = r.UserMetadata,
        Priority = r.Priority,
    };
}
