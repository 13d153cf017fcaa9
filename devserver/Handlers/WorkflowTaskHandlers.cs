using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Workflow tasks: given to workers and answered by them.</summary>
internal sealed class WorkflowTaskHandlers(ServerEngine engine, Polls polls)
{
    public void AddTo(ServiceTable table) => table
        .Add<PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse>("PollWorkflowTaskQueue", PollAsync)
        .Add<RespondWorkflowTaskCompletedRequest, RespondWorkflowTaskCompletedResponse>("RespondWorkflowTaskCompleted", CompleteAsync)
        .Add<RespondWorkflowTaskFailedRequest, RespondWorkflowTaskFailedResponse>("RespondWorkflowTaskFailed", FailAsync)
        .Add<RespondQueryTaskCompletedRequest, RespondQueryTaskCompletedResponse>("RespondQueryTaskCompleted", (r, _) => AnswerQueryAsync(r));

    private async Task<PollWorkflowTaskQueueResponse> PollAsync(PollWorkflowTaskQueueRequest r, CallContext context)
    {
        Polls.Check(r.TaskQueue, r.Identity, context);
        var key = new QueueKey(r.Namespace, r.TaskQueue.Name, TaskQueueType.Workflow);
        return await polls.TakeAsync(key, r.Identity, r.WorkerInstanceKey, (t, task) => Begin(t, task, r.Identity), context).ConfigureAwait(false)
            ?? new PollWorkflowTaskQueueResponse();
    }

    private static PollWorkflowTaskQueueResponse? Begin(Transition t, QueuedTask task, string identity)
    {
        if (t.Runs.Find(task.RunId) is not { } run)
            return null;
        if (task.QueryId.Length > 0)
            return run.Queries.Find(task.QueryId) is { } query ? TaskResponses.Query(run, query, task.Sticky) : null;
        if (run.State.Task is not { StartedId: 0 } pending || pending.Stamp != task.Stamp)
            return null;
        WorkflowTasks.Start(run, t, identity, Guid.NewGuid().ToString());
        return TaskResponses.Workflow(run);
    }

    private async Task<RespondWorkflowTaskCompletedResponse> CompleteAsync(RespondWorkflowTaskCompletedRequest r, CallContext context)
    {
        var token = TaskToken.Parse(r.TaskToken);
        try
        {
            var (answer, beatTooLong) = await engine.ActAsync(t => Complete(t, r, token)).ConfigureAwait(false);
            return beatTooLong ? throw Failures.NotFound("workflow task heartbeat timeout") : answer;
        }
        catch (BadCommand bad)
        {
            await engine.ActAsync(t => Refuse(Own(t, token), t, bad, r.Identity)).ConfigureAwait(false);
            throw Failures.InvalidArgument(bad.Words);
        }
    }

    /// <summary>A task that keeps failing is left alone: it runs out of time, which slows its repetition down.</summary>
    private static bool Refuse(Run run, Transition t, BadCommand bad, string identity)
    {
        run.Updates.RefuseSent();
        if (run.State.Task!.Attempt > 1 && bad.Cause != WorkflowTaskFailedCause.UnhandledCommand)
        {
            t.Touch(run);
            return false;
        }
        WorkflowTasks.Fail(run, t, bad.Cause, new() { Message = bad.Words, Source = "Server", ServerFailureInfo = new() }, identity);
        if (bad.Ends)
            Closing.Terminate(run, t, bad.Words, null, Closing.Identity);
        return true;
    }

    private (RespondWorkflowTaskCompletedResponse Answer, bool BeatTooLong) Complete(Transition t, RespondWorkflowTaskCompletedRequest r, TaskToken token)
    {
        var run = Own(t, token);
        var answer = TaskCompletion.Apply(run, t, r);
        foreach (var (id, result) in r.QueryResults)
            Answer(run, id, result);
        t.After(() => RouteQueries(run));
        return (new() { ResetHistoryEventId = answer.ResetHistoryEventId }, answer.BeatTooLong);
    }

    /// <summary>Questions the task did not answer go on their own, unless another task is there to carry them.</summary>
    private void RouteQueries(Run run)
    {
        if (run.State.Task is not null)
            return;
        foreach (var query in run.Queries.ForTask.ToList())
            QueryRouting.Direct(engine, run, query);
    }

    private Task<RespondWorkflowTaskFailedResponse> FailAsync(RespondWorkflowTaskFailedRequest r, CallContext context)
    {
        var token = TaskToken.Parse(r.TaskToken);
        return engine.ActAsync(t =>
        {
            if (t.Runs.Find(token.RunId) is { State.IsOpen: false })
                throw Failures.WorkflowClosed();
            WorkflowTasks.Fail(Own(t, token), t, r.Cause, Limits.IsTooLarge(r.Failure) ? Limits.TooLarge("Failure exceeds size limit.") : r.Failure, r.Identity);
            return new RespondWorkflowTaskFailedResponse();
        });
    }

    private Task<RespondQueryTaskCompletedResponse> AnswerQueryAsync(RespondQueryTaskCompletedRequest r)
    {
        var token = TaskToken.Parse(r.TaskToken);
        return engine.LookAsync(runs =>
        {
            if (runs.Find(token.RunId) is not { } run || run.Queries.Find(token.QueryId) is null)
                throw Failures.NotFound("Query task not found, or already answered.");
            Answer(run, token.QueryId, new WorkflowQueryResult
            {
                ResultType = r.CompletedType,
                Answer = r.QueryResult,
                ErrorMessage = r.ErrorMessage,
                Failure = r.Failure,
            });
            return new RespondQueryTaskCompletedResponse();
        });
    }

    private static void Answer(Run run, string id, WorkflowQueryResult result)
    {
        if (run.Queries.Find(id) is not { } query)
            return;
        run.Queries.Remove(query);
        query.Answer.TrySetResult(result);
    }

    /// <summary>The run whose started task the token names. NOT_FOUND else: the worker drops the run from its cache and goes on.</summary>
    private static Run Own(Transition t, TaskToken token)
    {
        var run = t.Runs.Find(token.RunId);
        if (run?.State.Task is not { StartedId: > 0 } task || task.Stamp != token.Stamp)
            throw Failures.WorkflowTaskNotFound();
        return run;
    }
}
