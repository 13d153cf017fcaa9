using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Histories: paged, followed live, or the closing event only.</summary>
internal sealed class HistoryHandlers(ServerEngine engine)
{
    private const int PageSize = 256;
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(20);

    public void AddTo(ServiceTable table) => table
        .Add<GetWorkflowExecutionHistoryRequest, GetWorkflowExecutionHistoryResponse>("GetWorkflowExecutionHistory", GetAsync)
        .Add<GetWorkflowExecutionHistoryReverseRequest, GetWorkflowExecutionHistoryReverseResponse>(
            "GetWorkflowExecutionHistoryReverse", (r, _) => engine.LookAsync(runs => Reverse(runs, r)));

    private async Task<GetWorkflowExecutionHistoryResponse> GetAsync(GetWorkflowExecutionHistoryRequest r, CallContext context)
    {
        var token = PageToken.Parse(r.NextPageToken);
        using var wait = Waits.For(context, LongestWait, engine.Clock.RealTime);
        while (true)
        {
            Task? changed = null;
            var response = await engine.LookAsync(runs =>
            {
                var run = Find(runs, r.Namespace, r.Execution, token);
                changed = run.Changed.Task;
                return r.HistoryEventFilterType == HistoryEventFilterType.CloseEvent ? CloseEvent(run, r.WaitNewEvent) : Page(run, r, token, IsForPeople(context));
            }).ConfigureAwait(false);
            var empty = response.History.Events.Count == 0 && !response.NextPageToken.IsEmpty;
            if (!r.WaitNewEvent || !empty || !await Waits.ChangedAsync(changed!, context, wait.Token).ConfigureAwait(false))
                return response;
        }
    }

    /// <summary>Whether a person reads: events that may never be written are for workers only.</summary>
    private static bool IsForPeople(CallContext context) => context.ClientName is "temporal-cli" or "temporal-ui";

    private static Run Find(IRunDirectory runs, string namespaceName, WorkflowExecution? execution, PageToken? token)
    {
        RunLookup.Check(execution);
        if (token is null)
            return RunLookup.Any(runs, namespaceName, execution);
        if (execution!.RunId.Length > 0 && execution.RunId != token.RunId)
            throw Failures.InvalidArgument("RunId in the request does not match the NextPageToken.");
        return RunLookup.Any(runs, namespaceName, new WorkflowExecution { WorkflowId = execution.WorkflowId, RunId = token.RunId });
    }

    private static GetWorkflowExecutionHistoryResponse CloseEvent(Run run, bool wait)
    {
        var response = new GetWorkflowExecutionHistoryResponse { History = new History() };
        if (!run.State.IsOpen)
            response.History.Events.Add(run.Event(run.State.NextEventId - 1));
        else if (wait)
            response.NextPageToken = new PageToken(run.Id, run.State.NextEventId, 0).ToBytes();
        return response;
    }

    private static GetWorkflowExecutionHistoryResponse Page(Run run, GetWorkflowExecutionHistoryRequest r, PageToken? token, bool forPeople)
    {
        var first = token?.NextId ?? 1;
        var last = token is { LastId: > 0 } pinned ? pinned.LastId : run.State.NextEventId - 1;
        var size = r.MaximumPageSize is > 0 and < PageSize ? r.MaximumPageSize : PageSize;
        var end = Math.Min(last, first + size - 1);
        var response = new GetWorkflowExecutionHistoryResponse { History = new History() };
        for (var id = first; id <= end; id++)
            response.History.Events.Add(run.Event(id));
        if (end < last)
            response.NextPageToken = new PageToken(run.Id, end + 1, r.WaitNewEvent ? 0 : last).ToBytes();
        else if (r.WaitNewEvent && run.State.IsOpen)
            response.NextPageToken = new PageToken(run.Id, end + 1, 0).ToBytes();
        else if (!r.WaitNewEvent && !forPeople)
            response.History.Events.AddRange(WorkflowTasks.Suffix(run.State).Where(e => e.EventId == end + 1 || response.History.Events.Count > 0));
        return response;
    }

    private static GetWorkflowExecutionHistoryReverseResponse Reverse(IRunDirectory runs, GetWorkflowExecutionHistoryReverseRequest r)
    {
        var token = PageToken.Parse(r.NextPageToken);
        var run = Find(runs, r.Namespace, r.Execution, token);
        var first = token?.NextId ?? run.State.NextEventId - 1;
        var size = r.MaximumPageSize is > 0 and < PageSize ? r.MaximumPageSize : PageSize;
        var response = new GetWorkflowExecutionHistoryReverseResponse { History = new History() };
        for (var id = first; id > Math.Max(0, first - size); id--)
            response.History.Events.Add(run.Event(id));
        if (first - size > 0)
            response.NextPageToken = new PageToken(run.Id, first - size, 0).ToBytes();
        return response;
    }
}
