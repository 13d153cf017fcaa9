using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Questions to workflows: with the next workflow task when there is one, else as tasks of their own.</summary>
internal sealed class QueryHandlers(ServerEngine engine)
{
    public void AddTo(ServiceTable table) => table.Add<QueryWorkflowRequest, QueryWorkflowResponse>("QueryWorkflow", QueryAsync);

    private async Task<QueryWorkflowResponse> QueryAsync(QueryWorkflowRequest r, CallContext context)
    {
        RunLookup.Check(r.Execution);
        if (string.IsNullOrEmpty(r.Query?.QueryType))
            throw Failures.InvalidArgument($"{(r.Query is null ? "WorkflowQuery" : "QueryType")} is not set on request.");
        Limits.Blob(r.Query.QueryArgs);
        var (run, query) = await engine.LookAsync(runs => Ask(runs, r, context.Deadline)).ConfigureAwait(false);
        if (query is null)
            return new QueryWorkflowResponse { QueryRejected = new() { Status = run.State.Status } };
        try
        {
            var answer = await query.Answer.Task.WaitAsync(context.Cancellation).ConfigureAwait(false);
            if (answer.ResultType == QueryResultType.Failed)
                throw Failures.QueryFailed(answer.ErrorMessage, answer.Failure);
            return new QueryWorkflowResponse { QueryResult = answer.Answer };
        }
        finally
        {
            engine.Look(() =>
            {
                run.Queries.Remove(query);
                return true;
            });
        }
    }

    private (Run Run, PendingQuery? Query) Ask(IRunDirectory runs, QueryWorkflowRequest r, DateTime deadline)
    {
        var run = RunLookup.Any(runs, r.Namespace, r.Execution);
        if (IsRejected(run.State, r.QueryRejectCondition))
            return (run, null);
        if (!run.State.IsOpen && run.State.LastStartedId == 0)
            throw Failures.WorkflowNotReady("Workflow execution closed before WorkflowTaskStarted event");
        if (run.State.Delayed && run.State.FirstTaskDue > deadline)
            throw Failures.WorkflowNotReady("Workflow task is not scheduled yet.");
        if (run.State.TaskAttempt >= 3)
            throw Failures.WorkflowNotReady("Unable to query workflow due to Workflow Task in failed state.");
        engine.Runs.Keep(run);
        var query = run.Queries.Add(r.Query);
        if (run.State.Task is null && run.State.LastStartedId > 0)
            QueryRouting.Direct(engine, run, query);
        return (run, query);
    }

    private static bool IsRejected(RunState s, QueryRejectCondition condition) => condition switch
    {
        QueryRejectCondition.NotOpen => !s.IsOpen,
        QueryRejectCondition.NotCompletedCleanly => !s.IsOpen && s.Status != WorkflowExecutionStatus.Completed,
        _ => false,
    };
}
