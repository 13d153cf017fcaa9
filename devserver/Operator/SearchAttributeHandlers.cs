using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.OperatorService.V1;

namespace Rotation.DevServer.Operator;

/// <summary>Registration of search attributes, per namespace, durable. An empty namespace means the first one.</summary>
internal sealed class SearchAttributeHandlers(NamespaceSet namespaces, SearchAttributeCatalog catalog)
{
    public void AddTo(ServiceTable table) => table
        .Add<AddSearchAttributesRequest, AddSearchAttributesResponse>("AddSearchAttributes", AddAsync)
        .Add<RemoveSearchAttributesRequest, RemoveSearchAttributesResponse>("RemoveSearchAttributes", RemoveAsync)
        .Add<ListSearchAttributesRequest, ListSearchAttributesResponse>("ListSearchAttributes", (r, _) => Task.FromResult(List(r)));

    private async Task<AddSearchAttributesResponse> AddAsync(AddSearchAttributesRequest request, CallContext context)
    {
        if (request.SearchAttributes.Count == 0)
            throw Failures.InvalidArgument("SearchAttributes are not set on request.");
        await catalog.AddAsync(NameOr(request.Namespace), new Dictionary<string, Temporalio.Api.Enums.V1.IndexedValueType>(request.SearchAttributes, StringComparer.Ordinal), context.Cancellation).ConfigureAwait(false);
        return new AddSearchAttributesResponse();
    }

    private async Task<RemoveSearchAttributesResponse> RemoveAsync(RemoveSearchAttributesRequest request, CallContext context)
    {
        if (request.SearchAttributes.Count == 0)
            throw Failures.InvalidArgument("SearchAttributes are not set on request.");
        await catalog.RemoveAsync(NameOr(request.Namespace), request.SearchAttributes, context.Cancellation).ConfigureAwait(false);
        return new RemoveSearchAttributesResponse();
    }

    private ListSearchAttributesResponse List(ListSearchAttributesRequest request)
    {
        var response = new ListSearchAttributesResponse();
        foreach (var (name, type) in catalog.Of(NameOr(request.Namespace)).Custom)
            response.CustomAttributes[name] = type;
        foreach (var (name, type) in AttributeTypes.System)
            response.SystemAttributes[name] = type;
        return response;
    }

    private string NameOr(string name) => name.Length > 0 ? name : namespaces.Names[0];
}
