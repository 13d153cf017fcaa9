using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Execution;

internal enum DueKind
{
    FirstTask,
    Run,
    Execution,
    Task,
    StickyTask,
    SpeculativeTask,
    ScheduleToStart,
    ScheduleToClose,
    StartToClose,
    Heartbeat,
    Retry,
    Timer,

    /// <summary>Of the server itself: somebody waits for an instant.</summary>
    Sleeper,

    /// <summary>Of the server itself: a schedule's next action.</summary>
    Schedule,
}

/// <summary>Something of a run that falls due. The stamp tells attempts apart.</summary>
internal readonly record struct DueKey(DueKind Kind, long Id, long Stamp, string Name = "");

/// <summary>Work of a run for a queue: a workflow task (activity 0) or an activity.</summary>
internal readonly record struct Work(string Queue, bool Sticky, long ActivityId, long Stamp);

/// <summary>
/// What a run waits for, derived from its state alone: the same after a transition as after a start from the file. So nothing can be
/// forgotten by a crash, and nothing that is stale can have an effect.
/// </summary>
internal static class Agenda
{
    private static readonly TimeSpan SpeculativeWait = TimeSpan.FromSeconds(5);

    public static IEnumerable<(DueKey Key, DateTime At)> Dues(Run run)
    {
        var s = run.State;
        if (!s.IsOpen)
            yield break;
        if (s.Delayed)
            yield return (new(DueKind.FirstTask, 0, 0), s.FirstTaskDue);
        if (s.RunDeadline is { } runEnd)
            yield return (new(DueKind.Run, 0, 0), runEnd);
        if (s.ExecutionDeadline is { } end)
            yield return (new(DueKind.Execution, 0, 0), end);
        if (s.Task is { } task)
        {
            if (task.StartedId > 0)
                yield return (new(DueKind.Task, 0, task.Stamp), task.Started + task.StartToClose);
            else if (task.Sticky && s.StickyTimeout > TimeSpan.Zero)
                yield return (new(DueKind.StickyTask, 0, task.Stamp), task.Scheduled + s.StickyTimeout);
            else if (task.Speculative)
                yield return (new(DueKind.SpeculativeTask, 0, task.Stamp), task.Scheduled + SpeculativeWait);
        }
        foreach (var (name, timer) in s.Timers)
            yield return (new(DueKind.Timer, timer.StartedId, 0, name), timer.Due);
        foreach (var activity in s.Activities.Values)
        {
            foreach (var due in Dues(run, activity))
                yield return due;
        }
    }

    public static IEnumerable<Work> Works(Run run)
    {
        var s = run.State;
        if (!s.IsOpen)
            yield break;
        if (s.Task is { StartedId: 0 } task)
            yield return new(task.Queue, task.Sticky, 0, task.Stamp);
        foreach (var a in s.Activities.Values.Where(a => a.Phase == ActivityPhase.Waiting))
            yield return new(ActivityTasks.Scheduled(run, a).TaskQueue.Name, false, a.ScheduledId, a.Stamp);
    }

    /// <summary>Does what is due. Nothing happens when the run has gone on or the time is not there yet.</summary>
    public static void Fire(Run run, Transition t, DueKey key)
    {
        if (!Dues(run).Any(d => d.Key == key && d.At <= t.Now))
            return;
        t.Touch(run);
        switch (key.Kind)
        {
            case DueKind.FirstTask:
                run.State.Delayed = false;
                WorkflowTasks.Need(run, t);
                break;
            case DueKind.Run:
                Closing.TimeOut(run, t, wholeExecution: false);
                break;
            case DueKind.Execution:
                Closing.TimeOut(run, t, wholeExecution: true);
                break;
            case DueKind.Task:
                WorkflowTasks.TimeOut(run, t, TimeoutType.StartToClose);
                break;
            case DueKind.StickyTask:
                WorkflowTasks.TimeOut(run, t, TimeoutType.ScheduleToStart);
                break;
            case DueKind.SpeculativeTask:
                WorkflowTasks.TimeOut(run, t, TimeoutType.ScheduleToStart);
                break;
            case DueKind.Timer:
                TimerCommands.Fire(run, t, key.Name);
                break;
            case DueKind.Retry:
                ActivityTasks.Again(run, t, run.State.Activities[key.Id]);
                break;
            default:
                ActivityTasks.TimeOut(run, t, run.State.Activities[key.Id], TypeOf(key.Kind));
                break;
        }
    }

    private static IEnumerable<(DueKey Key, DateTime At)> Dues(Run run, ActivityState a)
    {
        if (a.Phase == ActivityPhase.BackingOff)
        {
            yield return (new(DueKind.Retry, a.ScheduledId, a.Stamp), a.NextAttempt ?? a.Scheduled);
            yield break;
        }
        var scheduled = ActivityTasks.Scheduled(run, a);
        if (Limit(scheduled.ScheduleToCloseTimeout) is { } toClose)
            yield return (new(DueKind.ScheduleToClose, a.ScheduledId, 0), a.FirstScheduled + toClose);
        if (a.Phase == ActivityPhase.Waiting)
        {
            if (Limit(scheduled.ScheduleToStartTimeout) is { } toStart)
                yield return (new(DueKind.ScheduleToStart, a.ScheduledId, a.Stamp), a.Scheduled + toStart);
            yield break;
        }
        if (Limit(scheduled.StartToCloseTimeout) is { } startToClose)
            yield return (new(DueKind.StartToClose, a.ScheduledId, a.Stamp), a.Started + startToClose);
        if (Limit(scheduled.HeartbeatTimeout) is { } heartbeat)
            yield return (new(DueKind.Heartbeat, a.ScheduledId, a.Stamp), (a.LastHeartbeat > a.Started ? a.LastHeartbeat.Value : a.Started) + heartbeat);
    }

    private static TimeoutType TypeOf(DueKind kind) => kind switch
    {
        DueKind.ScheduleToStart => TimeoutType.ScheduleToStart,
        DueKind.ScheduleToClose => TimeoutType.ScheduleToClose,
        DueKind.StartToClose => TimeoutType.StartToClose,
        DueKind.Heartbeat => TimeoutType.Heartbeat,
        _ => throw new InvalidOperationException($"{kind} is not a timeout of an activity."),
    };

    private static TimeSpan? Limit(Duration? given) => Durations.Of(given) is { Ticks: > 0 } limit ? limit : null;
}
