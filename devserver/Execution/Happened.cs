using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Puts events into a run's history, at once or, while a workflow task runs, at its end.</summary>
internal static class Happened
{
    /// <summary>Written at once: events of workflow tasks, commands and closing.</summary>
    public static HistoryEvent Now(Run run, Transition t, HistoryEvent item)
    {
        t.Touch(run);
        return run.Append(item, t.Now);
    }

    /// <summary>From outside the workflow: waits for a running workflow task, and asks for a task otherwise.</summary>
    public static void Outside(Run run, Transition t, params ReadOnlySpan<HistoryEvent> items)
    {
        t.Touch(run);
        var buffer = run.State.Task is { StartedId: > 0 };
        foreach (var item in items)
        {
            if (buffer)
                Buffer(run, t, item);
            else
                Wire(run, run.Append(item, t.Now), []);
        }
        if (!buffer)
            WorkflowTasks.Need(run, t);
        else if (run.State.Buffered.Count > Sizes.BufferedEvents || run.State.Buffered.Sum(b => b.Length) > Sizes.BufferedBytes)
            WorkflowTasks.Fail(run, t, WorkflowTaskFailedCause.ForceCloseCommand, null, Closing.Identity);
    }

    /// <summary>Waits for the end of the workflow task whatever happens: side effects of commands.</summary>
    public static void Buffer(Run run, Transition t, HistoryEvent item)
    {
        item.EventTime ??= Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(t.Now);
        run.State.Buffered.Add(item.ToByteArray());
        t.Touch(run);
    }

    /// <summary>Gives the waiting events their ids: in order of arrival, closings of activities and children last. Says whether there were any.</summary>
    public static bool Flush(Run run, Transition t)
    {
        var waiting = run.State.Buffered.ConvertAll(b => HistoryEvent.Parser.ParseFrom(b));
        run.State.Buffered.Clear();
        var started = new Dictionary<long, long>();
        foreach (var item in waiting.Where(e => !IsClosing(e)).Concat(waiting.Where(IsClosing)))
            Wire(run, Now(run, t, item), started);
        return waiting.Count > 0;
    }

    /// <summary>Whether such an event waits.</summary>
    public static bool Waits(Run run, Predicate<HistoryEvent> which) => run.State.Buffered.Exists(b => which(HistoryEvent.Parser.ParseFrom(b)));

    /// <summary>Takes a waiting timer event back. Says whether there was one.</summary>
    public static bool Unbuffer(Run run, Predicate<HistoryEvent> which) => run.State.Buffered.RemoveAll(b => which(HistoryEvent.Parser.ParseFrom(b))) > 0;

    /// <summary>Closing events name the started event, whose id is known only now.</summary>
    private static void Wire(Run run, HistoryEvent item, Dictionary<long, long> started)
    {
        if (item.ActivityTaskStartedEventAttributes is { } begun)
            started[begun.ScheduledEventId] = item.EventId;
        else if (item.ChildWorkflowExecutionStartedEventAttributes is { } child && run.State.Children.TryGetValue(child.InitiatedEventId, out var pending))
            pending.StartedId = item.EventId;
        if (item.ChildWorkflowExecutionStartedEventAttributes is { } childStarted)
            started[childStarted.InitiatedEventId] = item.EventId;
        StartedLink.Fill(item, scheduled => started.TryGetValue(scheduled, out var id) ? id : LastStarted(run, item.EventId, scheduled));
    }

    /// <summary>The started event right before a closing one, when both were written without waiting.</summary>
    private static long LastStarted(Run run, long before, long scheduled)
    {
        for (var id = before - 1; id > scheduled; id--)
        {
            var candidate = run.Event(id);
            if (candidate.ActivityTaskStartedEventAttributes?.ScheduledEventId == scheduled
                || candidate.ChildWorkflowExecutionStartedEventAttributes?.InitiatedEventId == scheduled)
                return id;
        }
        return 0;
    }

    private static bool IsClosing(HistoryEvent item) => item.EventType is EventType.ActivityTaskCompleted or EventType.ActivityTaskFailed
        or EventType.ActivityTaskTimedOut or EventType.ActivityTaskCanceled
        or EventType.ChildWorkflowExecutionCompleted or EventType.ChildWorkflowExecutionFailed or EventType.ChildWorkflowExecutionCanceled
        or EventType.ChildWorkflowExecutionTimedOut or EventType.ChildWorkflowExecutionTerminated;
}
