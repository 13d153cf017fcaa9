using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>The end of a run and its consequences: children by their policy, the parent's report, waiting updates.</summary>
internal static class Closing
{
    /// <summary>Who the server itself is in events.</summary>
    public const string Identity = "history-service";

    public static void Close(Run run, Transition t, WorkflowExecutionStatus status, HistoryEvent closing, string? nextRunId = null)
    {
        var s = run.State;
        Happened.Now(run, t, closing);
        s.Status = status;
        s.Closed = t.Now;
        s.NextRunId = nextRunId;
        s.Task = null;
        s.StickyQueue = null;
        run.Updates.WorkflowClosed(continued: nextRunId is not null);
        t.After(() => ApplyPolicies(run, t));
        if (nextRunId is null && s.Parent is not null)
            t.After(() => Report(run, t, closing));
        if (nextRunId is null && s.ScheduleId.Length > 0)
            t.After(() => t.Scheduled.Closed(run, t, closing));
        s.Timers.Clear();
    }

    public static void Terminate(Run run, Transition t, string reason, Payloads? details, string identity)
    {
        EndTask(run, t);
        Close(run, t, WorkflowExecutionStatus.Terminated, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionTerminated,
            WorkflowExecutionTerminatedEventAttributes = new() { Reason = reason, Details = details, Identity = identity },
        });
    }

    /// <summary>The run's or the chain's time is over. A run's timeout is retried when it has a retry policy.</summary>
    public static void TimeOut(Run run, Transition t, bool wholeExecution)
    {
        EndTask(run, t);
        var failure = new Failure { Message = "workflow timeout", Source = "Server", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } };
        var (state, next) = wholeExecution || run.State.ExecutionDeadline <= t.Now ? (RetryState.Timeout, null) : NextRuns.Retry(run, t, failure);
        Close(run, t, WorkflowExecutionStatus.TimedOut, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionTimedOut,
            WorkflowExecutionTimedOutEventAttributes = new() { RetryState = state, NewExecutionRunId = next?.Id ?? "" },
        }, next?.Id);
    }

    /// <summary>Asks a run to cancel: once, and not when it is closed; a wait before its first task ends.</summary>
    public static void RequestCancel(Run run, Transition t, string cause, string identity, WorkflowExecution? by, long initiatedId)
    {
        if (run.State.CancelRequested || !run.State.IsOpen)
            return;
        t.Touch(run);
        run.State.CancelRequested = true;
        run.State.Delayed = false;
        Happened.Outside(run, t, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionCancelRequested,
            WorkflowExecutionCancelRequestedEventAttributes = new()
            {
                Cause = cause,
                Identity = identity,
                ExternalWorkflowExecution = by,
                ExternalInitiatedEventId = initiatedId,
            },
        });
    }

    private static void EndTask(Run run, Transition t)
    {
        if (run.State.Task is { StartedId: > 0 } task && (task.Speculative || !task.Unwritten))
        {
            WorkflowTasks.WriteStarted(run, t);
            Happened.Now(run, t, new HistoryEvent
            {
                EventType = EventType.WorkflowTaskFailed,
                WorkflowTaskFailedEventAttributes = new()
                {
                    ScheduledEventId = task.ScheduledId,
                    StartedEventId = task.StartedId,
                    Cause = WorkflowTaskFailedCause.ForceCloseCommand,
                    Identity = Identity,
                },
            });
        }
        run.State.Task = null;
        Happened.Flush(run, t);
    }

    private static void ApplyPolicies(Run run, Transition t)
    {
        foreach (var child in run.State.Children.Values.Where(c => c.StartedId > 0 || c.RunId.Length > 0).ToList())
        {
            var target = t.Runs.Current(child.Namespace, child.WorkflowId);
            if (target is not { State.IsOpen: true } || target.State.Parent?.RunId != run.Id || target.State.FirstRunId != child.RunId)
                continue;
            if (child.Policy is ParentClosePolicy.Terminate or ParentClosePolicy.Unspecified)
                Terminate(target, t, "by parent close policy", null, Identity);
            else if (child.Policy == ParentClosePolicy.RequestCancel)
                RequestCancel(target, t, "", Identity, run.Execution, 0);
        }
    }

    private static void Report(Run child, Transition t, HistoryEvent closing)
    {
        var link = child.State.Parent!;
        if (t.Runs.Find(link.RunId) is not { State.IsOpen: true } parent || !parent.State.Children.Remove(link.InitiatedId, out var pending))
            return;
        Happened.Outside(parent, t, ChildEvents.Closed(child, pending, closing));
    }
}
