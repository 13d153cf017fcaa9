using Google.Protobuf;
using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Activities: given to workers, answered by token or by id.</summary>
internal sealed class ActivityHandlers(ServerEngine engine, Polls polls)
{
    private delegate T Answer<T>(Run run, Transition t, ActivityState activity);

    public void AddTo(ServiceTable table) => table
        .Add<PollActivityTaskQueueRequest, PollActivityTaskQueueResponse>("PollActivityTaskQueue", PollAsync)
        .Add<RespondActivityTaskCompletedRequest, RespondActivityTaskCompletedResponse>("RespondActivityTaskCompleted", (r, _) =>
            ByTokenAsync(r.TaskToken, (run, t, a) => Complete<RespondActivityTaskCompletedResponse>(run, t, a, r.Result, r.Identity)))
        .Add<RespondActivityTaskCompletedByIdRequest, RespondActivityTaskCompletedByIdResponse>("RespondActivityTaskCompletedById", (r, _) =>
            ByIdAsync(r.Namespace, r.WorkflowId, r.RunId, r.ActivityId, (run, t, a) => Complete<RespondActivityTaskCompletedByIdResponse>(run, t, a, r.Result, r.Identity), r.Identity))
        .Add<RespondActivityTaskFailedRequest, RespondActivityTaskFailedResponse>("RespondActivityTaskFailed", (r, _) =>
            ByTokenAsync(r.TaskToken, (run, t, a) =>
            {
                if (r.Failure is { ApplicationFailureInfo: null })
                    throw Failures.InvalidArgument("Failure must have ApplicationFailureInfo.");
                return new RespondActivityTaskFailedResponse { Failures = { Fail(run, t, a, r.Failure, r.LastHeartbeatDetails, r.Identity) } };
            }))
        .Add<RespondActivityTaskFailedByIdRequest, RespondActivityTaskFailedByIdResponse>("RespondActivityTaskFailedById", (r, _) =>
            ByIdAsync(r.Namespace, r.WorkflowId, r.RunId, r.ActivityId, (run, t, a) =>
                new RespondActivityTaskFailedByIdResponse { Failures = { Fail(run, t, a, r.Failure, null, r.Identity) } }))
        .Add<RespondActivityTaskCanceledRequest, RespondActivityTaskCanceledResponse>("RespondActivityTaskCanceled", (r, _) =>
            ByTokenAsync(r.TaskToken, (run, t, a) => Cancel<RespondActivityTaskCanceledResponse>(run, t, a, r.Details, r.Identity)))
        .Add<RespondActivityTaskCanceledByIdRequest, RespondActivityTaskCanceledByIdResponse>("RespondActivityTaskCanceledById", (r, _) =>
            ByIdAsync(r.Namespace, r.WorkflowId, r.RunId, r.ActivityId, (run, t, a) => Cancel<RespondActivityTaskCanceledByIdResponse>(run, t, a, r.Details, r.Identity)))
        .Add<RecordActivityTaskHeartbeatRequest, RecordActivityTaskHeartbeatResponse>("RecordActivityTaskHeartbeat", (r, _) =>
            ByTokenAsync(r.TaskToken, (run, t, a) => new RecordActivityTaskHeartbeatResponse { CancelRequested = Beat(run, t, a, r.Details) }))
        .Add<RecordActivityTaskHeartbeatByIdRequest, RecordActivityTaskHeartbeatByIdResponse>("RecordActivityTaskHeartbeatById", (r, _) =>
            ByIdAsync(r.Namespace, r.WorkflowId, r.RunId, r.ActivityId, (run, t, a) =>
                new RecordActivityTaskHeartbeatByIdResponse { CancelRequested = Beat(run, t, a, r.Details) }));

    private async Task<PollActivityTaskQueueResponse> PollAsync(PollActivityTaskQueueRequest r, CallContext context)
    {
        Polls.Check(r.TaskQueue, r.Identity, context);
        var key = new QueueKey(r.Namespace, r.TaskQueue.Name, TaskQueueType.Activity);
        return await polls.TakeAsync(key, r.Identity, r.WorkerInstanceKey, (t, task) => Begin(t, task, r.Identity), context).ConfigureAwait(false)
            ?? new PollActivityTaskQueueResponse();
    }

    private static PollActivityTaskQueueResponse? Begin(Transition t, QueuedTask task, string identity)
    {
        if (t.Runs.Find(task.RunId) is not { State.IsOpen: true } run || !run.State.Activities.TryGetValue(task.ActivityId, out var a)
            || a.Phase != ActivityPhase.Waiting || a.Stamp != task.Stamp)
            return null;
        ActivityTasks.Start(run, t, a, identity, Guid.NewGuid().ToString());
        return TaskResponses.Activity(run, a);
    }

    private Task<T> ByTokenAsync<T>(ByteString bytes, Answer<T> answer)
    {
        var token = TaskToken.Parse(bytes);
        return engine.ActAsync(t =>
        {
            var run = t.Runs.Find(token.RunId) ?? throw Failures.ActivityTaskNotFound();
            if (!run.State.IsOpen)
                throw Failures.WorkflowClosed();
            return run.State.Activities.TryGetValue(token.ScheduledId, out var a) && a.Phase == ActivityPhase.Started && a.Stamp == token.Stamp
                ? answer(run, t, a)
                : throw Failures.ActivityTaskNotFound();
        });
    }

    /// <summary>An activity that nobody works on is answered only where <paramref name="starter"/> says who is then said to have started it.</summary>
    private Task<T> ByIdAsync<T>(string namespaceName, string workflowId, string runId, string activityId, Answer<T> answer, string? starter = null)
    {
        if (workflowId.Length == 0 || activityId.Length == 0)
            throw Failures.InvalidArgument($"{(workflowId.Length == 0 ? "WorkflowId" : "ActivityId")} is not set on request.");
        return engine.ActAsync(t =>
        {
            var run = RunLookup.Open(t.Runs, namespaceName, new WorkflowExecution { WorkflowId = workflowId, RunId = runId });
            var a = run.State.Activities.Values.FirstOrDefault(x => x.ActivityId == activityId)
                ?? throw Failures.NotFound($"cannot find pending activity with ActivityID {activityId}, check workflow execution history for more details");
            if (a.Phase != ActivityPhase.Started)
                ActivityTasks.Start(run, t, a, starter ?? throw Failures.ActivityTaskNotFound(), requestId: "");
            return answer(run, t, a);
        });
    }

    private static T Complete<T>(Run run, Transition t, ActivityState a, Payloads? result, string identity)
        where T : new()
    {
        if (Limits.IsTooLarge(result))
            ActivityTasks.Fail(run, t, a, Limits.TooLarge("Complete result exceeds size limit."), identity);
        else
            ActivityTasks.Complete(run, t, a, result, identity);
        return new T();
    }

    /// <summary>Answers with what was too large to be kept.</summary>
    private static List<Failure> Fail(Run run, Transition t, ActivityState a, Failure? failure, Payloads? lastHeartbeat, string identity)
    {
        var refused = new List<Failure>();
        if (Limits.IsTooLarge(lastHeartbeat))
            refused.Add(Limits.TooLarge("Heartbeat details exceed size limit."));
        else if (lastHeartbeat is not null)
            ActivityTasks.Heartbeat(run, t, a, lastHeartbeat);
        if (Limits.IsTooLarge(failure))
            refused.Add(failure = Limits.TooLarge("Failure exceeds size limit."));
        ActivityTasks.Fail(run, t, a, failure ?? new Failure(), identity);
        return refused;
    }

    private static T Cancel<T>(Run run, Transition t, ActivityState a, Payloads? details, string identity)
        where T : new()
    {
        if (a.CancelRequestedId == 0)
            throw Failures.InvalidArgument("unable to mark activity as canceled without activity being request canceled first");
        if (Limits.IsTooLarge(details))
            ActivityTasks.Fail(run, t, a, Limits.TooLarge("Cancel details exceed size limit."), identity);
        else
            ActivityTasks.Cancel(run, t, a, details, identity);
        return new T();
    }

    private static bool Beat(Run run, Transition t, ActivityState a, Payloads? details)
    {
        if (Limits.IsTooLarge(details))
        {
            ActivityTasks.Fail(run, t, a, Limits.TooLarge("Heartbeat details exceed size limit."), a.Identity);
            return true;
        }
        ActivityTasks.Heartbeat(run, t, a, details);
        return a.CancelRequestedId > 0;
    }
}
