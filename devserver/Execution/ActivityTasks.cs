using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>The life of activities. Attempts leave no events; started and closing event are written together when the activity closes.</summary>
internal static class ActivityTasks
{
    public static ActivityTaskScheduledEventAttributes Scheduled(Run run, ActivityState a) => run.Event(a.ScheduledId).ActivityTaskScheduledEventAttributes;

    public static void Start(Run run, Transition t, ActivityState a, string identity, string requestId)
    {
        t.Touch(run);
        a.Phase = ActivityPhase.Started;
        a.Started = t.Now;
        a.Identity = identity;
        a.RequestId = requestId;
    }

    public static void Heartbeat(Run run, Transition t, ActivityState a, Payloads? details)
    {
        t.Touch(run);
        a.LastHeartbeat = t.Now;
        a.HeartbeatDetails = details?.ToByteArray();
    }

    public static void Complete(Run run, Transition t, ActivityState a, Payloads? result, string identity) => Close(run, t, a, new HistoryEvent
    {
        EventType = EventType.ActivityTaskCompleted,
        ActivityTaskCompletedEventAttributes = new() { ScheduledEventId = a.ScheduledId, Result = result, Identity = identity },
    });

    public static void Cancel(Run run, Transition t, ActivityState a, Payloads? details, string identity) => Close(run, t, a, new HistoryEvent
    {
        EventType = EventType.ActivityTaskCanceled,
        ActivityTaskCanceledEventAttributes = new()
        {
            ScheduledEventId = a.ScheduledId,
            LatestCancelRequestedEventId = a.CancelRequestedId,
            Details = details,
            Identity = identity,
        },
    });

    /// <summary>A failed attempt: tried again, or the end of the activity.</summary>
    public static void Fail(Run run, Transition t, ActivityState a, Failure failure, string identity)
    {
        var state = Retry(run, t, a, failure);
        if (state == RetryState.InProgress)
            return;
        Close(run, t, a, new HistoryEvent
        {
            EventType = EventType.ActivityTaskFailed,
            ActivityTaskFailedEventAttributes = new() { ScheduledEventId = a.ScheduledId, Failure = failure, RetryState = state, Identity = identity },
        });
    }

    public static void TimeOut(Run run, Transition t, ActivityState a, TimeoutType type)
    {
        var failure = TimeoutFailure(type);
        var state = Retry(run, t, a, failure);
        if (state == RetryState.InProgress)
            return;
        // Time for another attempt ran out: people are told of the limit that ended it.
        if (state == RetryState.Timeout)
            failure = TimeoutFailure(TimeoutType.ScheduleToClose);
        failure.Cause = a.LastFailure is null ? null : Failure.Parser.ParseFrom(a.LastFailure);
        failure.TimeoutFailureInfo.LastHeartbeatDetails = a.HeartbeatDetails is null ? null : Payloads.Parser.ParseFrom(a.HeartbeatDetails);
        Close(run, t, a, new HistoryEvent
        {
            EventType = EventType.ActivityTaskTimedOut,
            ActivityTaskTimedOutEventAttributes = new() { ScheduledEventId = a.ScheduledId, Failure = failure, RetryState = state },
        });
    }

    /// <summary>The wait after a failed attempt is over.</summary>
    public static void Again(Run run, Transition t, ActivityState a)
    {
        t.Touch(run);
        a.Phase = ActivityPhase.Waiting;
        a.Scheduled = a.NextAttempt ?? t.Now;
        a.NextAttempt = null;
    }

    private static RetryState Retry(Run run, Transition t, ActivityState a, Failure failure)
    {
        t.Touch(run);
        if (a.CancelRequestedId > 0)
            return RetryState.CancelRequested;
        var scheduled = Scheduled(run, a);
        var (state, wait) = Retries.Decide(scheduled.RetryPolicy, a.Attempt, failure, t.Now, Deadline(scheduled, a));
        if (state != RetryState.InProgress)
            return state;
        a.Attempt++;
        a.Stamp = ++run.State.Stamp;
        a.Phase = ActivityPhase.BackingOff;
        a.LastInterval = wait;
        a.NextAttempt = t.Now + wait;
        a.LastFailure = failure.ToByteArray();
        a.LastCompleted = t.Now;
        a.RequestId = "";
        return state;
    }

    public static DateTime? Deadline(ActivityTaskScheduledEventAttributes scheduled, ActivityState a) =>
        Durations.Of(scheduled.ScheduleToCloseTimeout) is { Ticks: > 0 } limit ? a.FirstScheduled + limit : null;

    private static Failure TimeoutFailure(TimeoutType type) => new() { Message = $"activity {type} timeout", Source = "Server", TimeoutFailureInfo = new() { TimeoutType = type } };

    private static void Close(Run run, Transition t, ActivityState a, HistoryEvent closing)
    {
        run.State.Activities.Remove(a.ScheduledId);
        if (a.Phase != ActivityPhase.Started)
        {
            Happened.Outside(run, t, closing);
            return;
        }
        var started = new HistoryEvent
        {
            EventType = EventType.ActivityTaskStarted,
            EventTime = Timestamp.FromDateTime(a.Started),
            ActivityTaskStartedEventAttributes = new()
            {
                ScheduledEventId = a.ScheduledId,
                Attempt = a.Attempt,
                Identity = a.Identity,
                RequestId = a.RequestId,
                LastFailure = a.LastFailure is null ? null : Failure.Parser.ParseFrom(a.LastFailure),
            },
        };
        Happened.Outside(run, t, started, closing);
    }
}
