using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.TaskQueue.V1;

namespace Rotation.DevServer.Execution;

/// <summary>
/// The life of workflow tasks. A retried one (attempt above 1) and one made for updates only leave no event until they are completed;
/// such tasks show their two events at the end of what a worker is given.
/// </summary>
internal static class WorkflowTasks
{
    private const int SuggestAfterEvents = 4096;
    private const long SuggestAfterBytes = 4 * 1024 * 1024;
    private const int LongerFromAttempt = 4;

    /// <summary>Makes sure that somebody will look at the history. A task that keeps others alive says since when.</summary>
    public static void Need(Run run, Transition t, bool forUpdate = false, DateTime? since = null)
    {
        var s = run.State;
        t.Touch(run);
        if (!s.IsOpen || s.Delayed)
            return;
        if (s.Task is { StartedId: 0, Speculative: true } waiting && !forUpdate)
            Write(run, t, waiting);
        if (s.Task is null)
            s.Task = Create(run, t, forUpdate, since ?? t.Now);
    }

    /// <summary>Moves a task nobody takes from the queue of a worker that is gone to the normal one, without an event.</summary>
    public static void Unstick(Run run, Transition t)
    {
        var s = run.State;
        s.StickyQueue = null;
        if (s.Task is not { StartedId: 0, Sticky: true } task)
            return;
        t.Touch(run);
        task.Sticky = false;
        task.Queue = s.TaskQueue;
        task.Stamp = ++s.Stamp;
    }

    public static void Start(Run run, Transition t, string identity, string requestId)
    {
        var s = run.State;
        var task = s.Task!;
        t.Touch(run);
        task.Started = t.Now;
        task.Identity = identity;
        task.RequestId = requestId;
        task.HistoryBytes = s.HistoryBytes;
        task.SuggestContinueAsNew = s.NextEventId > SuggestAfterEvents || s.HistoryBytes >= SuggestAfterBytes;
        if (task.Unwritten && task.ScheduledId != s.NextEventId)
        {
            // Something happened since the last attempt failed: this one is a first attempt again.
            task.Attempt = s.TaskAttempt = 1;
            Write(run, t, task);
        }
        if (task.Unwritten)
            task.StartedId = task.ScheduledId + 1;
        else
            task.StartedId = Happened.Now(run, t, StartedEvent(task)).EventId;
    }

    /// <summary>The events a worker must see of a task that is not in the history.</summary>
    public static IEnumerable<HistoryEvent> Suffix(RunState s)
    {
        if (s.Task is not { Unwritten: true, StartedId: > 0 } task)
            return [];
        var scheduled = ScheduledEvent(s, task);
        scheduled.EventId = task.ScheduledId;
        scheduled.EventTime = Timestamp.FromDateTime(task.Scheduled);
        var started = StartedEvent(task);
        started.EventId = task.StartedId;
        started.EventTime = Timestamp.FromDateTime(task.Started);
        return [scheduled, started];
    }

    /// <summary>Puts the two events of an unwritten, started task into the history.</summary>
    public static void WriteStarted(Run run, Transition t)
    {
        var task = run.State.Task!;
        if (!task.Unwritten)
            return;
        foreach (var item in Suffix(run.State).ToList())
            Happened.Now(run, t, item);
        task.Unwritten = false;
    }

    public static void Fail(Run run, Transition t, WorkflowTaskFailedCause cause, Failure? failure, string identity)
    {
        var task = run.State.Task!;
        if (task.Speculative)
            WriteStarted(run, t);
        if (!task.Unwritten)
        {
            Happened.Now(run, t, new HistoryEvent
            {
                EventType = EventType.WorkflowTaskFailed,
                WorkflowTaskFailedEventAttributes = new()
                {
                    ScheduledEventId = task.ScheduledId,
                    StartedEventId = task.StartedId,
                    Cause = cause,
                    Failure = failure,
                    Identity = identity,
                },
            });
        }
        run.State.CloseAttempted = cause == WorkflowTaskFailedCause.UnhandledCommand;
        End(run, t, task.Sticky);
    }

    public static void TimeOut(Run run, Transition t, TimeoutType type)
    {
        var task = run.State.Task!;
        if (task.Speculative && task.StartedId == 0)
            Write(run, t, task);
        else if (task.Speculative)
            WriteStarted(run, t);
        if (!task.Unwritten)
        {
            Happened.Now(run, t, new HistoryEvent
            {
                EventType = EventType.WorkflowTaskTimedOut,
                WorkflowTaskTimedOutEventAttributes = new() { ScheduledEventId = task.ScheduledId, StartedEventId = task.StartedId, TimeoutType = type },
            });
        }
        End(run, t, task.Sticky || type == TimeoutType.ScheduleToStart);
    }

    /// <summary>A task that failed or ran out of time: the next one goes to the normal queue.</summary>
    private static void End(Run run, Transition t, bool first)
    {
        var s = run.State;
        var task = s.Task!;
        s.Task = null;
        s.StickyQueue = null;
        s.TaskAttempt = first ? 1 : task.Attempt + 1;
        if (Happened.Flush(run, t))
            s.TaskAttempt = 1;
        run.Updates.Redeliver();
        Need(run, t);
    }

    private static WorkflowTaskState Create(Run run, Transition t, bool forUpdate, DateTime since)
    {
        var s = run.State;
        var sticky = s.StickyQueue is not null && s.TaskAttempt == 1;
        var task = new WorkflowTaskState
        {
            Attempt = s.TaskAttempt,
            Unwritten = forUpdate || s.TaskAttempt > 1,
            Speculative = forUpdate,
            Stamp = ++s.Stamp,
            Scheduled = t.Now,
            FirstScheduled = since,
            ScheduledId = s.NextEventId,
            Sticky = sticky,
            Queue = sticky ? s.StickyQueue! : s.TaskQueue,
            StartToClose = TimeoutOf(s),
        };
        if (!task.Unwritten)
            Happened.Now(run, t, ScheduledEvent(s, task));
        return task;
    }

    private static void Write(Run run, Transition t, WorkflowTaskState task)
    {
        task.Unwritten = task.Speculative = false;
        task.ScheduledId = Happened.Now(run, t, ScheduledEvent(run.State, task)).EventId;
    }

    /// <summary>Later attempts get longer, so that a worker that is merely slow can catch up.</summary>
    private static TimeSpan TimeoutOf(RunState s)
    {
        if (s.TaskAttempt < LongerFromAttempt)
            return s.TaskTimeout;
        var extra = 5 * Math.Pow(2, Math.Min(s.TaskAttempt - LongerFromAttempt, 10));
        return s.TaskTimeout + TimeSpan.FromSeconds(Math.Min(extra, 600));
    }

    private static HistoryEvent ScheduledEvent(RunState s, WorkflowTaskState task) => new()
    {
        EventType = EventType.WorkflowTaskScheduled,
        WorkflowTaskScheduledEventAttributes = new()
        {
            TaskQueue = QueueOf(s, task),
            StartToCloseTimeout = Duration.FromTimeSpan(task.StartToClose),
            Attempt = task.Attempt,
        },
    };

    private static TaskQueue QueueOf(RunState s, WorkflowTaskState task) => task.Sticky
        ? new() { Name = task.Queue, Kind = TaskQueueKind.Sticky, NormalName = s.TaskQueue }
        : new() { Name = s.TaskQueue, Kind = TaskQueueKind.Normal };

    private static IEnumerable<SuggestContinueAsNewReason> Reasons(WorkflowTaskState task)
    {
        if (task.HistoryBytes >= SuggestAfterBytes)
            yield return SuggestContinueAsNewReason.HistorySizeTooLarge;
        if (task.SuggestContinueAsNew && task.ScheduledId >= SuggestAfterEvents)
            yield return SuggestContinueAsNewReason.TooManyHistoryEvents;
    }

    private static HistoryEvent StartedEvent(WorkflowTaskState task) => new()
    {
        EventType = EventType.WorkflowTaskStarted,
        WorkflowTaskStartedEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledId,
            Identity = task.Identity,
            RequestId = task.RequestId,
            HistorySizeBytes = task.HistoryBytes,
            SuggestContinueAsNew = task.SuggestContinueAsNew,
            SuggestContinueAsNewReasons = { Reasons(task) },
        },
    };
}
