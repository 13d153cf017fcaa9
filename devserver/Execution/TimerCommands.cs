using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Commands about timers, and their firing.</summary>
internal static class TimerCommands
{
    public static HistoryEvent Start(Run run, Transition t, StartTimerCommandAttributes c, long completedId)
    {
        Sizes.CommandId(c.TimerId, WorkflowTaskFailedCause.BadStartTimerAttributes, "TimerId");
        if (Durations.IsNegative(c.StartToFireTimeout))
            throw new BadCommand(WorkflowTaskFailedCause.BadStartTimerAttributes, $"An invalid StartToFireTimeout is set on StartTimerCommand: negative duration. TimerId={c.TimerId}");
        if (run.State.Timers.ContainsKey(c.TimerId))
            throw new BadCommand(WorkflowTaskFailedCause.StartTimerDuplicateId, $"invalid history builder state for action: add-timer-started-event, TimerID: {c.TimerId}");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.TimerStarted,
            TimerStartedEventAttributes = new() { TimerId = c.TimerId, StartToFireTimeout = c.StartToFireTimeout, WorkflowTaskCompletedEventId = completedId },
        });
        run.State.Timers[c.TimerId] = new TimerState { StartedId = item.EventId, Due = t.Now + Durations.Of(c.StartToFireTimeout) };
        return item;
    }

    public static HistoryEvent Cancel(Run run, Transition t, CancelTimerCommandAttributes c, string identity, long completedId)
    {
        long startedId = 0;
        if (run.State.Timers.Remove(c.TimerId, out var timer))
            startedId = timer.StartedId;
        else if (!Happened.Unbuffer(run, e => Fired(e, c.TimerId, out startedId)))
            throw new BadCommand(WorkflowTaskFailedCause.BadCancelTimerAttributes, $"invalid history builder state for action: add-timer-canceled-event, TimerID: {c.TimerId}");
        return Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.TimerCanceled,
            TimerCanceledEventAttributes = new() { TimerId = c.TimerId, StartedEventId = startedId, WorkflowTaskCompletedEventId = completedId, Identity = identity },
        });
    }

    public static void Fire(Run run, Transition t, string timerId)
    {
        if (run.State.Timers.Remove(timerId, out var timer))
        {
            Happened.Outside(run, t, new HistoryEvent
            {
                EventType = EventType.TimerFired,
                TimerFiredEventAttributes = new() { TimerId = timerId, StartedEventId = timer.StartedId },
            });
        }
    }

    private static bool Fired(HistoryEvent item, string timerId, out long startedId)
    {
        startedId = item.TimerFiredEventAttributes?.StartedEventId ?? 0;
        return item.TimerFiredEventAttributes?.TimerId == timerId;
    }
}
