using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Execution;

/// <summary>What the worker is told of a completion.</summary>
/// <param name="ResetHistoryEventId">Event to go back to, when the task left no trace; else 0.</param>
internal readonly record struct CompletionAnswer(long ResetHistoryEventId);

/// <summary>A worker's answer to a workflow task. The caller has checked that the task is the run's own.</summary>
internal static class TaskCompletion
{
    public static CompletionAnswer Apply(Run run, Transition t, RespondWorkflowTaskCompletedRequest r)
    {
        var s = run.State;
        if (s.Buffered.Count > 0 && r.Commands.Any(c => CloseCommands.Is(c.CommandType)))
            throw new BadCommand(WorkflowTaskFailedCause.UnhandledCommand, Failures.UnhandledCommandText);
        var messages = r.Messages.ToDictionary(m => m.Id, StringComparer.Ordinal);
        return LeavesNoTrace(s, r) ? Drop(run, t, r, messages) : Write(run, t, r, messages);
    }

    private static bool LeavesNoTrace(RunState s, RespondWorkflowTaskCompletedRequest r) =>
        s.Task!.Speculative && s.Buffered.Count == 0 && r.Commands.Count == 0 && !r.ForceCreateNewWorkflowTask
        && r.Messages.All(UpdateMessages.IsRejection) && r.Capabilities?.DiscardSpeculativeWorkflowTaskWithEvents == true;

    private static CompletionAnswer Drop(Run run, Transition t, RespondWorkflowTaskCompletedRequest r, Dictionary<string, Message> messages)
    {
        var s = run.State;
        t.Touch(run);
        Stick(s, r);
        foreach (var message in messages.Values)
            UpdateMessages.Apply(run, t, message);
        UpdateMessages.RejectUnanswered(run);
        s.Task = null;
        Continue(run, t, again: false);
        return new CompletionAnswer(s.LastStartedId);
    }

    private static CompletionAnswer Write(Run run, Transition t, RespondWorkflowTaskCompletedRequest r, Dictionary<string, Message> messages)
    {
        var s = run.State;
        WorkflowTasks.WriteStarted(run, t);
        var task = s.Task!;
        var completed = Happened.Now(run, t, Completed(task, r)).EventId;
        Stick(s, r);
        s.LastStartedId = task.StartedId;
        s.TaskAttempt = 1;
        s.Task = null;
        var commands = new Commands(run, t, r.Identity, completed, messages);
        foreach (var command in r.Commands)
            commands.Apply(command);
        foreach (var message in commands.Unused.ToList())
            UpdateMessages.Apply(run, t, message);
        if (!s.IsOpen)
            return default;
        UpdateMessages.RejectUnanswered(run);
        var flushed = Happened.Flush(run, t);
        Continue(run, t, flushed || r.ForceCreateNewWorkflowTask);
        return default;
    }

    /// <summary>The next task, when something happened or somebody waits.</summary>
    private static void Continue(Run run, Transition t, bool again)
    {
        if (again)
            WorkflowTasks.Need(run, t);
        else if (run.Updates.Unsent.Any())
            WorkflowTasks.Need(run, t, forUpdate: true);
    }

    private static void Stick(RunState s, RespondWorkflowTaskCompletedRequest r)
    {
        s.StickyQueue = string.IsNullOrEmpty(r.StickyAttributes?.WorkerTaskQueue?.Name) ? null : r.StickyAttributes.WorkerTaskQueue.Name;
        s.StickyTimeout = r.StickyAttributes?.ScheduleToStartTimeout?.ToTimeSpan() ?? default;
    }

    private static HistoryEvent Completed(WorkflowTaskState task, RespondWorkflowTaskCompletedRequest r) => new()
    {
        EventType = EventType.WorkflowTaskCompleted,
        WorkflowTaskCompletedEventAttributes = new()
        {
            ScheduledEventId = task.ScheduledId,
            StartedEventId = task.StartedId,
            Identity = r.Identity,
            SdkMetadata = r.SdkMetadata,
            MeteringMetadata = r.MeteringMetadata,
            VersioningBehavior = r.VersioningBehavior,
        },
    };
}
