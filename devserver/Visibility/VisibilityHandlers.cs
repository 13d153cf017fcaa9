using Google.Protobuf;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Rotation.DevServer.Visibility.Query;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Visibility;

/// <summary>The reading half of visibility over gRPC: list, scan, count, and the attributes one may query.</summary>
internal sealed class VisibilityHandlers(IDatabase database, SearchAttributeCatalog catalog)
{
    /// <summary>Page size when none is asked for, and the largest one given.</summary>
    public const int MaxPageSize = 1000;

    public void AddTo(ServiceTable table) => table
        .Add<ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse>("ListWorkflowExecutions", ListAsync)
        .Add<ScanWorkflowExecutionsRequest, ScanWorkflowExecutionsResponse>("ScanWorkflowExecutions", ScanAsync)
        .Add<CountWorkflowExecutionsRequest, CountWorkflowExecutionsResponse>("CountWorkflowExecutions", CountAsync)
        .Add<GetSearchAttributesRequest, GetSearchAttributesResponse>("GetSearchAttributes", (_, _) => Task.FromResult(SystemKeys()));

    private async Task<ListWorkflowExecutionsResponse> ListAsync(ListWorkflowExecutionsRequest request, CallContext context)
    {
        var page = await PageAsync(request.Namespace, request.Query, request.PageSize, request.NextPageToken, context).ConfigureAwait(false);
        var response = new ListWorkflowExecutionsResponse { NextPageToken = page.NextPageToken };
        response.Executions.AddRange(page.Executions);
        return response;
    }

    private async Task<ScanWorkflowExecutionsResponse> ScanAsync(ScanWorkflowExecutionsRequest request, CallContext context)
    {
        var page = await PageAsync(request.Namespace, request.Query, request.PageSize, request.NextPageToken, context).ConfigureAwait(false);
        var response = new ScanWorkflowExecutionsResponse { NextPageToken = page.NextPageToken };
        response.Executions.AddRange(page.Executions);
        return response;
    }

    private Task<VisibilityPage> PageAsync(string namespaceName, string query, int pageSize, ByteString token, CallContext context)
    {
        var size = PageSize(pageSize);
        return database.ReadAsync(c => new VisibilityReader(c, catalog.Of(namespaceName)).List(query, size, token), context.Cancellation);
    }

    public static int PageSize(int asked) => asked is > 0 and < MaxPageSize ? asked : MaxPageSize;

    private async Task<CountWorkflowExecutionsResponse> CountAsync(CountWorkflowExecutionsRequest request, CallContext context)
    {
        var parsed = QueryParser.Parse(request.Query);
        if (parsed.GroupBy is not null and not "ExecutionStatus")
            throw Failures.InvalidArgument("invalid query: operation is not supported: 'group by' clause is only supported for ExecutionStatus search attribute");
        var types = catalog.Of(request.Namespace);
        if (parsed.GroupBy is null)
            return new() { Count = await database.ReadAsync(c => new VisibilityReader(c, types).Count(parsed), context.Cancellation).ConfigureAwait(false) };
        var groups = await database.ReadAsync(c => new VisibilityReader(c, types).CountByStatus(parsed), context.Cancellation).ConfigureAwait(false);
        return Grouped(groups);
    }

    private static CountWorkflowExecutionsResponse Grouped(IReadOnlyList<(int Status, long Count)> groups)
    {
        var response = new CountWorkflowExecutionsResponse { Count = groups.Sum(g => g.Count) };
        response.Groups.AddRange(groups.Select(g => new CountWorkflowExecutionsResponse.Types.AggregationGroup
        {
            GroupValues = { AttributeValue.ToPayload(IndexedValueType.Keyword, ((WorkflowExecutionStatus)g.Status).ToString()) },
            Count = g.Count,
        }));
        return response;
    }

    private static GetSearchAttributesResponse SystemKeys()
    {
        var response = new GetSearchAttributesResponse();
        foreach (var (name, type) in AttributeTypes.System)
            response.Keys[name] = type;
        return response;
    }
}
