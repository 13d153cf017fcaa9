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
        var startToClose = Positive(c.StartToCloseTimeout) ?? Positive(c.ScheduleToCloseTimeout)!;
        var runLimit = Positive(run.Event(1).WorkflowExecutionStartedEventAttributes.WorkflowRunTimeout);
        var close = Capped(Positive(c.ScheduleToCloseTimeout) ?? runLimit, runLimit);
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.ActivityTaskScheduled,
            ActivityTaskScheduledEventAttributes = new()
            {
                ActivityId = c.ActivityId,
                ActivityType = c.ActivityType,
                TaskQueue = c.TaskQueue is { Name.Length: > 0 } ? c.TaskQueue : new() { Name = s.TaskQueue, Kind = TaskQueueKind.Normal },
                Header = c.Header,
                Input = c.Input,
                ScheduleToCloseTimeout = close ?? new Duration(),
                ScheduleToStartTimeout = Capped(Positive(c.ScheduleToStartTimeout) ?? close, runLimit) ?? new Duration(),
                StartToCloseTimeout = Capped(Capped(startToClose, close), runLimit),
                HeartbeatTimeout = Capped(Positive(c.HeartbeatTimeout), startToClose) ?? new Duration(),
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

    public static HistoryEvent? RequestCancel(Run run, Transition t, RequestCancelActivityTaskCommandAttributes c, long completedId)
    {
        if (c.ScheduledEventId <= 0 || c.ScheduledEventId >= run.State.NextEventId)
            throw new BadCommand(WorkflowTaskFailedCause.BadRequestCancelActivityAttributes, $"no activity was scheduled by event {c.ScheduledEventId}");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.ActivityTaskCancelRequested,
            ActivityTaskCancelRequestedEventAttributes = new() { ScheduledEventId = c.ScheduledEventId, WorkflowTaskCompletedEventId = completedId },
        });
        if (!run.State.Activities.TryGetValue(c.ScheduledEventId, out var activity))
            return item;
        activity.CancelRequestedId = item.EventId;
        if (activity.Phase != ActivityPhase.Started)
        {
            run.State.Activities.Remove(c.ScheduledEventId);
            Happened.Buffer(run, t, Canceled(activity));
        }
        return item;
    }

    private static HistoryEvent Canceled(ActivityState a) => new()
    {
        EventType = EventType.ActivityTaskCanceled,
        ActivityTaskCanceledEventAttributes = new() { ScheduledEventId = a.ScheduledId, LatestCancelRequestedEventId = a.CancelRequestedId },
    };

    private static void Check(RunState s, ScheduleActivityTaskCommandAttributes c)
    {
        if (c.ActivityId.Length == 0 || string.IsNullOrEmpty(c.ActivityType?.Name))
            throw Bad("ActivityId and ActivityType must be set");
        if (Positive(c.StartToCloseTimeout) is null && Positive(c.ScheduleToCloseTimeout) is null)
            throw Bad($"A valid StartToClose or ScheduleToCloseTimeout is not set on command. ActivityId={c.ActivityId} ActivityType={c.ActivityType.Name}");
        if (s.Activities.Values.Any(a => a.ActivityId == c.ActivityId))
            throw new BadCommand(WorkflowTaskFailedCause.ScheduleActivityDuplicateId, $"an activity with id {c.ActivityId} is pending");
        if (s.Activities.Count >= MaxPending)
            throw new BadCommand(WorkflowTaskFailedCause.PendingActivitiesLimitExceeded, $"the number of pending activities, {s.Activities.Count}, has reached the limit of {MaxPending}");
    }

    private static BadCommand Bad(string message) => new(WorkflowTaskFailedCause.BadScheduleActivityAttributes, message);

    private static Duration? Positive(Duration? given) => given is not null && given.ToTimeSpan() > TimeSpan.Zero ? given : null;

    private static Duration? Capped(Duration? given, Duration? limit) =>
        given is not null && limit is not null && limit.ToTimeSpan() > TimeSpan.Zero && given.ToTimeSpan() > limit.ToTimeSpan() ? limit : given;
}
