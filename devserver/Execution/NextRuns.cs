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
    public string RunId { get; } = Guid.NewGuid().ToString();

    /// <summary>Empty: the new run is the first of its chain.</summary>
    public string FirstRunId { get; init; } = "";

    /// <summary>Wait before the first workflow task.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>End of the whole chain, when it goes on from another run.</summary>
    public DateTime? ExecutionDeadline { get; init; }

    public ParentLink? Parent { get; init; }

    /// <summary>Null: the new run is its own root.</summary>
    public WorkflowExecution? Root { get; init; }
}

/// <summary>Makes runs: started by a client, a parent, or going on from another run.</summary>
internal static class NextRuns
{
    private static readonly Duration DefaultTaskTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(10));
    private static readonly Duration MaxTaskTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(120));

    /// <summary>Between the beginnings of two runs of a chain, so that one that never stops costs little.</summary>
    private static readonly TimeSpan LeastBetweenRuns = TimeSpan.FromSeconds(1);

    /// <summary>Writes the started event. The caller schedules the first task, so that a signal or a parent's event can come before it.</summary>
    public static Run Create(Transition t, NewRun what, WorkflowExecutionStartedEventAttributes started, UserMetadata? metadata = null)
    {
        Complete(t, started, what);
        var run = new Run(State(t, what, started));
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
            WorkflowRunTimeout = Durations.Positive(command.WorkflowRunTimeout) ?? before.WorkflowRunTimeout,
            WorkflowTaskTimeout = Durations.Positive(command.WorkflowTaskTimeout) ?? before.WorkflowTaskTimeout,
            // What the command leaves out is not carried over: SDKs fill in what they want to keep.
            Memo = command.Memo,
            SearchAttributes = command.SearchAttributes,
            RetryPolicy = command.RetryPolicy is { } policy ? Retries.Filled(policy) : null,
            Initiator = command.Initiator == ContinueAsNewInitiator.Unspecified ? ContinueAsNewInitiator.Workflow : command.Initiator,
            ContinuedFailure = command.Failure,
            LastCompletionResult = command.LastCompletionResult,
            Priority = before.Priority,
        };
        return Follow(old, t, started, Durations.Of(command.BackoffStartInterval));
    }

    /// <summary>The next attempt of a failed workflow, or null with the reason why there is none.</summary>
    public static (RetryState State, Run? Next) Retry(Run old, Transition t, Failure failure)
    {
        var before = old.Event(1).WorkflowExecutionStartedEventAttributes;
        var policy = before.RetryPolicy is null ? null : Retries.Filled(before.RetryPolicy);
        var (state, wait) = Retries.Decide(policy, old.State.Attempt, failure, t.Now, old.State.ExecutionDeadline);
        if (state != RetryState.InProgress)
            return (state, null);
        // Unlike an activity's, a workflow's own wish for its delay has the policy's bound.
        wait = wait < Durations.Of(policy!.MaximumInterval) ? wait : Durations.Of(policy.MaximumInterval);
        var started = before.Clone();
        started.Initiator = ContinueAsNewInitiator.Retry;
        started.Attempt = old.State.Attempt + 1;
        started.ContinuedFailure = failure;
        if (failure.TimeoutFailureInfo is null)
            started.LastCompletionResult = null;
        started.Identity = "";
        return (state, Follow(old, t, started, wait));
    }

    /// <summary>How long one workflow task may take: as asked, within its bounds.</summary>
    public static Duration TaskTimeout(Duration? given, Duration? runTimeout) =>
        Durations.Shorter(Durations.Shorter(Durations.Positive(given) ?? DefaultTaskTimeout, MaxTaskTimeout), runTimeout)!;

    public static Memo? MemoOf(RunState s) => s.Memo.Length == 0 ? null : Memo.Parser.ParseFrom(s.Memo);

    public static SearchAttributes? AttributesOf(RunState s) => s.SearchAttributes.Length == 0 ? null : SearchAttributes.Parser.ParseFrom(s.SearchAttributes);

    private static Run Follow(Run old, Transition t, WorkflowExecutionStartedEventAttributes started, TimeSpan wait)
    {
        var s = old.State;
        var lived = t.Now - s.FirstTaskDue;
        started.ContinuedExecutionRunId = old.Id;
        started.WorkflowExecutionTimeout = old.Event(1).WorkflowExecutionStartedEventAttributes.WorkflowExecutionTimeout;
        var what = new NewRun(s.Namespace, s.WorkflowId, Guid.NewGuid().ToString())
        {
            FirstRunId = s.FirstRunId,
            Delay = lived + wait < LeastBetweenRuns ? LeastBetweenRuns - lived : wait,
            ExecutionDeadline = s.ExecutionDeadline,
            Parent = s.Parent,
            Root = s.Parent is null ? null : new() { WorkflowId = s.RootWorkflowId, RunId = s.RootRunId },
        };
        var run = Create(t, what, started);
        run.State.ScheduleId = s.ScheduleId;
        // After the old run's close event, as everything that follows from it.
        t.After(() => WorkflowTasks.Need(run, t));
        return run;
    }

    private static void Complete(Transition t, WorkflowExecutionStartedEventAttributes started, NewRun what)
    {
        started.WorkflowId = what.WorkflowId;
        started.OriginalExecutionRunId = what.RunId;
        started.FirstExecutionRunId = what.FirstRunId.Length > 0 ? what.FirstRunId : what.RunId;
        started.Attempt = Math.Max(1, started.Attempt);
        started.WorkflowExecutionTimeout ??= new Duration();
        started.WorkflowRunTimeout = Durations.Shorter(started.WorkflowRunTimeout, started.WorkflowExecutionTimeout) ?? new Duration();
        started.WorkflowTaskTimeout = TaskTimeout(started.WorkflowTaskTimeout, started.WorkflowRunTimeout);
        started.FirstWorkflowTaskBackoff = Duration.FromTimeSpan(what.Delay);
        started.RootWorkflowExecution = what.Root;
        var limit = Durations.Of(started.WorkflowExecutionTimeout);
        var end = what.ExecutionDeadline ?? (limit > TimeSpan.Zero ? t.Now + what.Delay + limit : null);
        started.WorkflowExecutionExpirationTime = end is { } at ? Timestamp.FromDateTime(at) : null;
        if (what.Parent is { } parent)
        {
            started.ParentWorkflowExecution = new() { WorkflowId = parent.WorkflowId, RunId = parent.RunId };
            started.ParentInitiatedEventId = parent.InitiatedId;
            started.ParentWorkflowNamespace = parent.Namespace;
            started.ParentWorkflowNamespaceId = Operator.NamespaceSet.IdOf(parent.Namespace);
        }
    }

    private static RunState State(Transition t, NewRun what, WorkflowExecutionStartedEventAttributes started)
    {
        var runTimeout = Durations.Of(started.WorkflowRunTimeout);
        var deadline = started.WorkflowExecutionExpirationTime?.ToDateTime();
        DateTime? runEnd = runTimeout > TimeSpan.Zero ? t.Now + what.Delay + runTimeout : null;
        return new RunState
        {
            Namespace = what.Namespace,
            WorkflowId = what.WorkflowId,
            RunId = what.RunId,
            FirstRunId = started.FirstExecutionRunId,
            StartRequestId = what.RequestId,
            WorkflowType = started.WorkflowType.Name,
            TaskQueue = started.TaskQueue.Name,
            Started = t.Now,
            FirstTaskDue = t.Now + what.Delay,
            Delayed = what.Delay > TimeSpan.Zero,
            ExecutionDeadline = deadline,
            RunDeadline = runEnd > deadline ? deadline : runEnd,
            TaskTimeout = Durations.Of(started.WorkflowTaskTimeout),
            Attempt = started.Attempt,
            Memo = started.Memo?.ToByteArray() ?? [],
            SearchAttributes = started.SearchAttributes?.ToByteArray() ?? [],
            Parent = what.Parent,
            RootWorkflowId = what.Root?.WorkflowId ?? what.WorkflowId,
            RootRunId = what.Root?.RunId ?? what.RunId,
        };
    }
}
