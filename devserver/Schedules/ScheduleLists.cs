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
    private const int DefaultPage = 100;

    public void AddTo(ServiceTable table) => table
        .Add<ListSchedulesRequest, ListSchedulesResponse>("ListSchedules", ListAsync)
        .Add<CountSchedulesRequest, CountSchedulesResponse>("CountSchedules", CountAsync);

    private async Task<ListSchedulesResponse> ListAsync(ListSchedulesRequest r, CallContext context)
    {
        if (r.MaximumPageSize is < 0 or > VisibilityHandlers.MaxPageSize)
            throw Failures.InvalidArgument($"PageSize is larger than allowed {VisibilityHandlers.MaxPageSize}.");
        var size = r.MaximumPageSize == 0 ? DefaultPage : r.MaximumPageSize;
        var page = await database.ReadAsync(c => new VisibilityReader(c, Types(r.Namespace)).List(r.Query, size, r.NextPageToken), context.Cancellation).ConfigureAwait(false);
        var found = await engine.LookAsync(_ => page.Executions
            .Select(e => engine.Schedules.Find(r.Namespace, e.Execution.WorkflowId))
            .OfType<StoredSchedule>()
            .Select(ScheduleViews.Entry)
            .ToList()).ConfigureAwait(false);
        return new() { Schedules = { found }, NextPageToken = page.NextPageToken };
    }

    private async Task<CountSchedulesResponse> CountAsync(CountSchedulesRequest r, CallContext context) => new()
    {
        Count = await database.ReadAsync(c => new VisibilityReader(c, Types(r.Namespace)).Count(QueryParser.Parse(r.Query)), context.Cancellation).ConfigureAwait(false),
    };

    private AttributeTypes Types(string namespaceName) => catalog.Of(namespaceName) with { Namespace = ScheduleTable.Division(namespaceName) };
}
