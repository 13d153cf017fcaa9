using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Commands about activities.</summary>
internal static class ActivityCommands
{
    /// <summary>Limit of the real server on everything that is pending, per kind.</summary>
    public const int MaxPending = 2000;

    public static HistoryEvent Schedule(Run run, Transition t, ScheduleActivityTaskCommandAttributes c, long completedId)
    {
        var s = run.State;
        Check(s, c);
        var runLimit = run.Event(1).WorkflowExecutionStartedEventAttributes.WorkflowRunTimeout;
        var close = Durations.Shorter(c.ScheduleToCloseTimeout, runLimit);
        var startToClose = Durations.Shorter(c.StartToCloseTimeout, close)!;
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.ActivityTaskScheduled,
            ActivityTaskScheduledEventAttributes = new()
            {
                ActivityId = c.ActivityId,
                ActivityType = c.ActivityType,
                TaskQueue = new() { Name = c.TaskQueue.Name, Kind = TaskQueueKind.Normal },
                Header = c.Header,
                Input = c.Input,
                ScheduleToCloseTimeout = close ?? new Duration(),
                ScheduleToStartTimeout = Durations.Shorter(c.ScheduleToStartTimeout, close) ?? new Duration(),
                StartToCloseTimeout = startToClose,
                HeartbeatTimeout = Durations.Positive(c.HeartbeatTimeout) is { } beat ? Durations.Shorter(beat, startToClose) : new Duration(),
                RetryPolicy = Retries.Filled(c.RetryPolicy),
                WorkflowTaskCompletedEventId = completedId,
                Priority = c.Priority,
            },
        });
        s.Activities[item.EventId] = new ActivityState
        {
            ScheduledId = item.EventId,
            ActivityId = c.ActivityId,
            FirstScheduled = t.Now,
            Scheduled = t.Now,
            Stamp = ++s.Stamp,
        };
        return item;
    }

    public static HistoryEvent RequestCancel(Run run, Transition t, RequestCancelActivityTaskCommandAttributes c, string identity, long completedId)
    {
        var pending = run.State.Activities.GetValueOrDefault(c.ScheduledEventId);
        if (pending is { CancelRequestedId: > 0 } || (pending is null && !Happened.Waits(run, e => ClosedActivity(e) == c.ScheduledEventId)))
            throw new BadCommand(WorkflowTaskFailedCause.BadRequestCancelActivityAttributes, $"invalid history builder state for action: add-activitytask-cancel-requested-event, ScheduledEventID: {c.ScheduledEventId}");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.ActivityTaskCancelRequested,
            ActivityTaskCancelRequestedEventAttributes = new() { ScheduledEventId = c.ScheduledEventId, WorkflowTaskCompletedEventId = completedId },
        });
        if (pending is null)
            return item;
        pending.CancelRequestedId = item.EventId;
        if (pending.Phase != ActivityPhase.Started)
        {
            run.State.Activities.Remove(c.ScheduledEventId);
            Happened.Buffer(run, t, NeverStarted(pending, identity));
        }
        return item;
    }

    private static HistoryEvent NeverStarted(ActivityState a, string identity) => new()
    {
        EventType = EventType.ActivityTaskCanceled,
        ActivityTaskCanceledEventAttributes = new()
        {
            ScheduledEventId = a.ScheduledId,
            LatestCancelRequestedEventId = a.CancelRequestedId,
            Details = PayloadTexts.Of("ACTIVITY_ID_NOT_STARTED"),
            Identity = identity,
        },
    };

    /// <summary>The activity an event closes, by its scheduled event; 0 for other events.</summary>
    private static long ClosedActivity(HistoryEvent e) => e.ActivityTaskCompletedEventAttributes?.ScheduledEventId
        ?? e.ActivityTaskFailedEventAttributes?.ScheduledEventId ?? e.ActivityTaskTimedOutEventAttributes?.ScheduledEventId
        ?? e.ActivityTaskCanceledEventAttributes?.ScheduledEventId ?? 0;

    private static void Check(RunState s, ScheduleActivityTaskCommandAttributes c)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadScheduleActivityAttributes;
        var who = $"ActivityId={c.ActivityId} ActivityType={c.ActivityType?.Name}";
        if (Sizes.Fault(c.TaskQueue) is { } fault)
            throw new BadCommand(Bad, $"invalid TaskQueue on ScheduleActivityTaskCommand: {fault}. {who}");
        Sizes.CommandId(c.ActivityId, Bad, "ActivityId");
        Sizes.CommandId(c.ActivityType?.Name ?? "", Bad, "ActivityType");
        Retries.Check(c.RetryPolicy, Bad);
        foreach (var (name, timeout) in ((string, Duration?)[])[("ScheduleToClose", c.ScheduleToCloseTimeout), ("ScheduleToStart", c.ScheduleToStartTimeout), ("StartToClose", c.StartToCloseTimeout), ("Heartbeat", c.HeartbeatTimeout)])
        {
            if (Durations.IsNegative(timeout))
                throw new BadCommand(Bad, $"Invalid {name}Timeout for ScheduleActivityTaskCommand: negative duration. {who}");
        }
        if (Durations.Shorter(c.StartToCloseTimeout, c.ScheduleToCloseTimeout) is null)
            throw new BadCommand(Bad, $"A valid StartToClose or ScheduleToCloseTimeout is not set on ScheduleActivityTaskCommand. {who}");
        Sizes.Command(c.Input, Bad, "ScheduleActivityTaskCommandAttributes.Input");
        if (s.Activities.Values.Any(a => a.ActivityId == c.ActivityId))
            throw new BadCommand(WorkflowTaskFailedCause.ScheduleActivityDuplicateId, $"invalid history builder state for action: add-activitytask-scheduled-event, ActivityID: {c.ActivityId}");
        if (s.Activities.Count >= MaxPending)
            throw new BadCommand(WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, $"the number of pending activities, {s.Activities.Count}, has reached the per-workflow limit of {MaxPending}");
    }
}
