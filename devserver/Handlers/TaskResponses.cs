using Google.Protobuf.WellKnownTypes;
using Rotation.DevServer.Execution;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>What a worker is given with a task.</summary>
internal static class TaskResponses
{
    /// <summary>Events in the first page of a history given with a task; the worker fetches the rest.</summary>
    public const int PageEvents = 256;

    public static PollWorkflowTaskQueueResponse Workflow(Run run)
    {
        var s = run.State;
        var task = s.Task!;
        var first = task.Sticky ? s.LastStartedId + 1 : 1;
        var response = Common(run, new TaskToken(run.Id, task.ScheduledId, task.Stamp));
        response.PreviousStartedEventId = s.LastStartedId;
        response.StartedEventId = task.StartedId;
        response.Attempt = task.Attempt;
        response.ScheduledTime = Timestamp.FromDateTime(task.Scheduled);
        response.StartedTime = Timestamp.FromDateTime(task.Started);
        FillHistory(response, run, first, s.NextEventId - 1);
        response.Messages.AddRange(UpdateMessages.Take(run));
        foreach (var query in run.Queries.ForTask)
            response.Queries[query.Id] = query.Query;
        return response;
    }

    /// <summary>A question on its own. A worker that has the run needs no history for it.</summary>
    public static PollWorkflowTaskQueueResponse Query(Run run, PendingQuery query, bool sticky)
    {
        query.Sent = true;
        var response = Common(run, new TaskToken(run.Id, 0, 0, query.Id));
        response.Query = query.Query;
        response.PreviousStartedEventId = run.State.LastStartedId;
        if (sticky)
            response.History = new History();
        else
            FillHistory(response, run, 1, run.State.NextEventId - 1);
        return response;
    }

    public static PollActivityTaskQueueResponse Activity(Run run, ActivityState a)
    {
        var scheduled = ActivityTasks.Scheduled(run, a);
        return new()
        {
            TaskToken = new TaskToken(run.Id, a.ScheduledId, a.Stamp).ToBytes(),
            WorkflowNamespace = run.State.Namespace,
            WorkflowType = new() { Name = run.State.WorkflowType },
            WorkflowExecution = run.Execution,
            ActivityType = scheduled.ActivityType,
            ActivityId = a.ActivityId,
            Header = scheduled.Header,
            Input = scheduled.Input,
            HeartbeatDetails = a.HeartbeatDetails is null ? null : Payloads.Parser.ParseFrom(a.HeartbeatDetails),
            ScheduledTime = Timestamp.FromDateTime(a.FirstScheduled),
            CurrentAttemptScheduledTime = Timestamp.FromDateTime(a.Scheduled),
            StartedTime = Timestamp.FromDateTime(a.Started),
            Attempt = a.Attempt,
            ScheduleToCloseTimeout = scheduled.ScheduleToCloseTimeout,
            StartToCloseTimeout = scheduled.StartToCloseTimeout,
            HeartbeatTimeout = scheduled.HeartbeatTimeout,
            RetryPolicy = scheduled.RetryPolicy,
            Priority = Priorities.Merged(run, scheduled.Priority),
        };
    }

    private static PollWorkflowTaskQueueResponse Common(Run run, TaskToken token) => new()
    {
        TaskToken = token.ToBytes(),
        WorkflowExecution = run.Execution,
        WorkflowType = new() { Name = run.State.WorkflowType },
        WorkflowExecutionTaskQueue = new() { Name = run.State.TaskQueue, Kind = TaskQueueKind.Normal },
    };

    private static void FillHistory(PollWorkflowTaskQueueResponse response, Run run, long first, long last)
    {
        response.History = new History();
        var end = Math.Min(last, first + PageEvents - 1);
        for (var id = first; id <= end; id++)
            response.History.Events.Add(run.Event(id));
        if (end < last)
            response.NextPageToken = new PageToken(run.Id, end + 1, last).ToBytes();
        else
            response.History.Events.AddRange(WorkflowTasks.Suffix(run.State));
    }
}
