using Rotation.DevServer.Engine;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility;
using Rotation.DevServer.Visibility.Attributes;
using Rotation.DevServer.Visibility.Query;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>Lists and counts schedules by the same queries as workflows.</summary>
internal sealed class ScheduleLists(ServerEngine engine, IDatabase database, SearchAttributeCatalog catalog)
{
    public void AddTo(ServiceTable table) => table
        .Add<ListSchedulesRequest, ListSchedulesResponse>("ListSchedules", ListAsync)
        .Add<CountSchedulesRequest, CountSchedulesResponse>("CountSchedules", CountAsync);

    private async Task<ListSchedulesResponse> ListAsync(ListSchedulesRequest r, CallContext context)
    {
        Check(QueryParser.Parse(r.Query).Condition);
        var size = VisibilityHandlers.PageSize(r.MaximumPageSize);
        var page = await database.ReadAsync(c => new VisibilityReader(c, Types(r.Namespace)).List(r.Query, size, r.NextPageToken), context.Cancellation).ConfigureAwait(false);
        var found = await engine.LookAsync(_ => page.Executions
            .Select(e => engine.Schedules.Find(r.Namespace, e.Execution.WorkflowId))
            .OfType<StoredSchedule>()
            .Select(ScheduleViews.Entry)
            .ToList()).ConfigureAwait(false);
        return new() { Schedules = { found }, NextPageToken = page.NextPageToken };
    }

    private async Task<CountSchedulesResponse> CountAsync(CountSchedulesRequest r, CallContext context)
    {
        var query = QueryParser.Parse(r.Query);
        Check(query.Condition);
        return new() { Count = await database.ReadAsync(c => new VisibilityReader(c, Types(r.Namespace)).Count(query), context.Cancellation).ConfigureAwait(false) };
    }

    /// <summary>Schedules are found by their own attributes only, and by whether they are paused.</summary>
    private static void Check(QueryNode? node)
    {
        foreach (var name in QueryNode.Fields(node).Where(n => SystemAttributes.IsReserved(n) && n != "TemporalSchedulePaused"))
            throw Failures.InvalidArgument($"invalid query filter for schedules: cannot filter on \"{name}\"");
    }

    private AttributeTypes Types(string namespaceName) => catalog.Of(namespaceName) with { Namespace = ScheduleTable.Division(namespaceName) };
}
