using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Execution;

/// <summary>What the worker is told of a completion.</summary>
/// <param name="ResetHistoryEventId">Event to go back to, when the task left no trace; else 0.</param>
/// <param name="BeatTooLong">The worker has kept one task alive for longer than it may: it is told that there is no such task any more.</param>
internal readonly record struct CompletionAnswer(long ResetHistoryEventId, bool BeatTooLong = false);

/// <summary>A worker's answer to a workflow task. The caller has checked that the task is the run's own.</summary>
internal static class TaskCompletion
{
    /// <summary>How long a worker may keep a task alive without any progress.</summary>
    private static readonly TimeSpan LongestBeat = TimeSpan.FromMinutes(30);

    /// <summary>Events that came beside a task for an update which left no trace; with more than these it is written down.</summary>
    private const int MostInterleaved = 10;

    public static CompletionAnswer Apply(Run run, Transition t, RespondWorkflowTaskCompletedRequest r)
    {
        var s = run.State;
        CheckOrder(r);
        if (IsBeat(r) && t.Now > s.Task!.FirstScheduled + LongestBeat)
        {
            WorkflowTasks.TimeOut(run, t, TimeoutType.StartToClose);
            return new CompletionAnswer(0, BeatTooLong: true);
        }
        var messages = r.Messages.ToDictionary(m => m.Id, StringComparer.Ordinal);
        return LeavesNoTrace(s, r) ? Drop(run, t, r, messages) : Write(run, t, r, messages);
    }

    private static bool LeavesNoTrace(RunState s, RespondWorkflowTaskCompletedRequest r) =>
        s.Task!.Speculative && s.Buffered.Count == 0 && r.Commands.Count == 0 && !r.ForceCreateNewWorkflowTask
        && r.Messages.All(UpdateMessages.IsRejection)
        && s.NextEventId <= s.LastStartedId + 2 + (r.Capabilities?.DiscardSpeculativeWorkflowTaskWithEvents == true ? MostInterleaved : 0);

    private static bool IsBeat(RespondWorkflowTaskCompletedRequest r) => r.ForceCreateNewWorkflowTask && r.Commands.Count == 0 && r.Messages.Count == 0;

    private static void CheckOrder(RespondWorkflowTaskCompletedRequest r)
    {
        var close = r.Commands.SkipLast(1).FirstOrDefault(c => CloseCommands.Is(c.CommandType));
        if (close is not null)
        {
            throw Failures.InvalidArgument(
                $"invalid command sequence: [{string.Join(", ", r.Commands.Select(c => c.CommandType))}], command {close.CommandType} must be the last command.");
        }
        if (r.Commands.FirstOrDefault(c => !Enum.IsDefined(c.CommandType) || c.CommandType == CommandType.Unspecified) is { } unknown)
            throw Failures.InvalidArgument($"unknown command type: {unknown.CommandType}");
    }

    private static CompletionAnswer Drop(Run run, Transition t, RespondWorkflowTaskCompletedRequest r, Dictionary<string, Message> messages)
    {
        var s = run.State;
        t.Touch(run);
        Stick(s, r);
        foreach (var message in messages.Values)
            UpdateMessages.Apply(run, t, message);
        UpdateMessages.RejectUnanswered(run);
        s.Task = null;
        Continue(run, t, again: false, null);
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
        s.CloseAttempted = false;
        s.Task = null;
        var commands = new Commands(run, t, r.Identity, completed, messages);
        foreach (var command in r.Commands)
            commands.Apply(command);
        foreach (var message in commands.Unused.ToList())
            UpdateMessages.Apply(run, t, message);
        if (!s.IsOpen)
            return default;
        if (r.ForceCreateNewWorkflowTask)
            run.Updates.Redeliver();
        else
            UpdateMessages.RejectUnanswered(run);
        var flushed = Happened.Flush(run, t);
        Continue(run, t, flushed || r.ForceCreateNewWorkflowTask, IsBeat(r) ? task.FirstScheduled : null);
        return default;
    }

    /// <summary>The next task, when something happened or somebody waits.</summary>
    private static void Continue(Run run, Transition t, bool again, DateTime? since)
    {
        if (again)
            WorkflowTasks.Need(run, t, since: since);
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
#pragma warning disable CS0612 // Old fields that workers still send and tools still show.
            BinaryChecksum = r.BinaryChecksum,
            WorkerVersion = r.WorkerVersionStamp,
#pragma warning restore CS0612
            VersioningBehavior = r.VersioningBehavior,
        },
    };
}
