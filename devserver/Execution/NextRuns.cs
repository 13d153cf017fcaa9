using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;

namespace Rotation.DevServer.Execution;

/// <summary>What a new run is made from besides its started event.</summary>
internal sealed record NewRun(string Namespace, string WorkflowId, string RequestId)
{
    /// <summary>Empty: the new run is the first of its chain.</summary>
    public string FirstRunId { get; init; } = "";

    /// <summary>Wait before the first workflow task.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>True: the wait is a start delay, which a signal ends.</summary>
    public bool DelayEndsBySignal { get; init; }

    /// <summary>End of the whole chain, when it goes on from another run.</summary>
    public DateTime? ExecutionDeadline { get; init; }

    public ParentLink? Parent { get; init; }

    public WorkflowExecution? Root { get; init; }
}

/// <summary>Makes runs: started by a client, a parent, or going on from another run.</summary>
internal static class NextRuns
{
    private static readonly TimeSpan DefaultTaskTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxTaskTimeout = TimeSpan.FromSeconds(120);

    /// <summary>Writes the started event. The caller schedules the first task, so that a signal or a parent's event can come before it.</summary>
    public static Run Create(Transition t, NewRun what, WorkflowExecutionStartedEventAttributes started, UserMetadata? metadata = null)
    {
        var runId = Guid.NewGuid().ToString();
        Complete(started, what, runId);
        var run = new Run(State(t, what, started, runId));
        t.Runs.Add(run);
        Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionStarted,
            WorkflowExecutionStartedEventAttributes = started,
            UserMetadata = metadata,
        });
        return run;
    }

    /// <summary>The run that a continue-as-new command asks for.</summary>
    public static Run Continue(Run old, Transition t, ContinueAsNewWorkflowExecutionCommandAttributes command)
    {
        var s = old.State;
        var before = old.Event(1).WorkflowExecutionStartedEventAttributes;
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = command.WorkflowType is { Name.Length: > 0 } ? command.WorkflowType : new() { Name = s.WorkflowType },
            TaskQueue = command.TaskQueue is { Name.Length: > 0 } ? command.TaskQueue : new() { Name = s.TaskQueue, Kind = TaskQueueKind.Normal },
            Input = command.Input,
            Header = command.Header,
            WorkflowRunTimeout = Positive(command.WorkflowRunTimeout) ?? before.WorkflowRunTimeout,
            WorkflowTaskTimeout = Positive(command.WorkflowTaskTimeout) ?? before.WorkflowTaskTimeout,
            Memo = command.Memo ?? MemoOf(s),
            SearchAttributes = command.SearchAttributes ?? AttributesOf(s),
            RetryPolicy = command.RetryPolicy ?? before.RetryPolicy,
            Initiator = command.Initiator == ContinueAsNewInitiator.Unspecified ? ContinueAsNewInitiator.Workflow : command.Initiator,
            ContinuedFailure = command.Failure,
            LastCompletionResult = command.LastCompletionResult,
            Attempt = 1,
        };
        return Follow(old, t, started, command.BackoffStartInterval?.ToTimeSpan() ?? default);
    }

    /// <summary>The next attempt of a failed workflow, or null with the reason why there is none.</summary>
    public static (RetryState State, Run? Next) Retry(Run old, Transition t, Failure failure)
    {
        var before = old.Event(1).WorkflowExecutionStartedEventAttributes;
        var policy = before.RetryPolicy is null ? null : Retries.Filled(before.RetryPolicy);
        var (state, wait) = Retries.Decide(policy, old.State.Attempt, failure, t.Now, old.State.ExecutionDeadline);
        if (state != RetryState.InProgress)
            return (state, null);
        var started = before.Clone();
        started.Initiator = ContinueAsNewInitiator.Retry;
        started.Attempt = old.State.Attempt + 1;
        started.ContinuedFailure = failure;
        started.Memo = MemoOf(old.State);
        started.SearchAttributes = AttributesOf(old.State);
        return (state, Follow(old, t, started, wait));
    }

    public static Memo? MemoOf(RunState s) => s.Memo.Length == 0 ? null : Memo.Parser.ParseFrom(s.Memo);

    public static SearchAttributes? AttributesOf(RunState s) => s.SearchAttributes.Length == 0 ? null : SearchAttributes.Parser.ParseFrom(s.SearchAttributes);

    private static Run Follow(Run old, Transition t, WorkflowExecutionStartedEventAttributes started, TimeSpan wait)
    {
        var s = old.State;
        started.ContinuedExecutionRunId = old.Id;
        started.ParentWorkflowExecution = s.Parent is null ? null : new() { WorkflowId = s.Parent.WorkflowId, RunId = s.Parent.RunId };
        started.ParentInitiatedEventId = s.Parent?.InitiatedId ?? 0;
        started.ParentWorkflowNamespace = s.Parent?.Namespace ?? "";
        started.WorkflowExecutionTimeout = old.Event(1).WorkflowExecutionStartedEventAttributes.WorkflowExecutionTimeout;
        var what = new NewRun(s.Namespace, s.WorkflowId, Guid.NewGuid().ToString())
        {
            FirstRunId = s.FirstRunId,
            Delay = wait,
            ExecutionDeadline = s.ExecutionDeadline,
            Parent = s.Parent,
            Root = new() { WorkflowId = s.RootWorkflowId, RunId = s.RootRunId },
        };
        var run = Create(t, what, started);
        run.State.ScheduleId = s.ScheduleId;
        // After the old run's close event, as everything that follows from it.
        t.After(() => WorkflowTasks.Need(run, t));
        return run;
    }

    private static void Complete(WorkflowExecutionStartedEventAttributes started, NewRun what, string runId)
    {
        started.WorkflowId = what.WorkflowId;
        started.OriginalExecutionRunId = runId;
        started.FirstExecutionRunId = what.FirstRunId.Length > 0 ? what.FirstRunId : runId;
        started.Attempt = Math.Max(1, started.Attempt);
        started.WorkflowTaskTimeout = Duration.FromTimeSpan(TaskTimeout(started.WorkflowTaskTimeout));
        started.WorkflowRunTimeout ??= new Duration();
        started.WorkflowExecutionTimeout ??= new Duration();
        started.FirstWorkflowTaskBackoff = Duration.FromTimeSpan(what.Delay);
        started.RootWorkflowExecution = what.Root ?? new() { WorkflowId = what.WorkflowId, RunId = runId };
    }

    private static RunState State(Transition t, NewRun what, WorkflowExecutionStartedEventAttributes started, string runId)
    {
        var execution = started.WorkflowExecutionTimeout.ToTimeSpan();
        var deadline = what.ExecutionDeadline ?? (execution > TimeSpan.Zero ? t.Now + what.Delay + execution : null);
        var runTimeout = started.WorkflowRunTimeout.ToTimeSpan();
        DateTime? runEnd = runTimeout > TimeSpan.Zero ? t.Now + what.Delay + runTimeout : null;
        return new RunState
        {
            Namespace = what.Namespace,
            WorkflowId = what.WorkflowId,
            RunId = runId,
            FirstRunId = started.FirstExecutionRunId,
            StartRequestId = what.RequestId,
            WorkflowType = started.WorkflowType.Name,
            TaskQueue = started.TaskQueue.Name,
            Started = t.Now,
            FirstTaskDue = t.Now + what.Delay,
            Delayed = what.Delay > TimeSpan.Zero,
            DelayEndsBySignal = what.DelayEndsBySignal,
            ExecutionDeadline = deadline,
            RunDeadline = runEnd,
            TaskTimeout = started.WorkflowTaskTimeout.ToTimeSpan(),
            Attempt = started.Attempt,
            Memo = started.Memo?.ToByteArray() ?? [],
            SearchAttributes = started.SearchAttributes?.ToByteArray() ?? [],
            Parent = what.Parent,
            RootWorkflowId = started.RootWorkflowExecution.WorkflowId,
            RootRunId = started.RootWorkflowExecution.RunId,
        };
    }

    private static TimeSpan TaskTimeout(Duration? given)
    {
        var asked = given?.ToTimeSpan() ?? TimeSpan.Zero;
        if (asked <= TimeSpan.Zero)
            return DefaultTaskTimeout;
        return asked > MaxTaskTimeout ? MaxTaskTimeout : asked;
    }

    private static Duration? Positive(Duration? given) => given is not null && given.ToTimeSpan() > TimeSpan.Zero ? given : null;
}
