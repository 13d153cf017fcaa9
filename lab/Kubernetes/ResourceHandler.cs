using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>The verbs on stored objects.</summary>
internal sealed class ResourceHandler(LabWorld world, SecretsAtRest atRest, CancellationToken draining)
{
    private readonly WatchHandler _watch = new(world.Store, draining);

    public Task HandleAsync(HttpContext context, ApiRequest request)
    {
        if (context.Request.Method != "POST")
            atRest.RequireReadable(request);
        return AnswerAsync(context, request);
    }

    private Task AnswerAsync(HttpContext context, ApiRequest request) => (context.Request.Method, request.Name, request.Subresource) switch
    {
        ("GET", null, _) when context.Request.Query["watch"].ToString() is "true" or "1" => _watch.HandleAsync(context, request),
        ("GET", null, _) => ListAsync(context, request),
        ("GET", not null, null or "status") => GetAsync(context, request),
        ("POST", null, _) => CreateAsync(context, request),
        ("POST", not null, "eviction") when request.Resource.Plural == "pods" => EvictAsync(context, request),
        ("PUT", not null, null or "status") => ReplaceAsync(context, request),
        ("PATCH", not null, null or "status") => PatchAsync(context, request),
        ("DELETE", not null, null) => DeleteAsync(context, request),
        _ => throw new ApiStatusException(405, "MethodNotAllowed", "the server does not allow this method on the requested resource"),
    };

    private async Task ListAsync(HttpContext context, ApiRequest request)
    {
        var query = context.Request.Query;
        var filter = Selectors.Filter(query["labelSelector"], query["fieldSelector"]);
        var (items, version) = world.Store.List(request.Resource.Plural, request.Namespace);
        var kept = items.Where(filter).ToList();
        if (WantsTable(context))
        {
            await ApiHandler.WriteAsync(context, 200, Tables.Of(request.Resource, kept, version)).ConfigureAwait(false);
            return;
        }

        context.Response.ContentType = "application/json";
        await using var body = new MemoryStream();
        await using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("kind", request.Resource.Kind + "List");
            json.WriteString("apiVersion", request.Resource.ApiVersion);
            json.WriteStartObject("metadata");
            json.WriteString("resourceVersion", version.ToString());
            json.WriteEndObject();
            json.WriteStartArray("items");
            foreach (var item in kept)
                json.WriteRawValue(item.Utf8, skipInputValidation: true);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body.GetBuffer().AsMemory(0, (int)body.Length), context.RequestAborted).ConfigureAwait(false);
    }

    private async Task GetAsync(HttpContext context, ApiRequest request)
    {
        var found = world.Store.Get(request.Resource.Plural, request.Namespace ?? "", request.Name!) ?? throw ApiStatusException.NotFound(request.Resource, request.Name!);
        var body = WantsTable(context) ? Tables.Of(request.Resource, [found], found.Version) : found.Document;
        await ApiHandler.WriteAsync(context, 200, body).ConfigureAwait(false);
    }

    private async Task CreateAsync(HttpContext context, ApiRequest request)
    {
        var document = await ReadAsync(context).ConfigureAwait(false);
        document["apiVersion"] = request.Resource.ApiVersion;
        document["kind"] = request.Resource.Kind;
        if (request.Namespace is not null)
            document["metadata"]!["namespace"] = request.Namespace;
        // What nobody has looked at yet waits for the scheduler.
        if (request.Resource.Plural == "pods")
            document["status"] ??= new JsonObject { ["phase"] = "Pending" };
        var stored = world.Store.Create(request.Resource.Plural, document)
            ?? throw ApiStatusException.AlreadyExists(request.Resource, document["metadata"]!["name"]!.ToString());
        atRest.Wrote(request, stored);
        await ApiHandler.WriteAsync(context, 201, stored.Document).ConfigureAwait(false);
    }

    private async Task ReplaceAsync(HttpContext context, ApiRequest request)
    {
        var document = await ReadAsync(context).ConfigureAwait(false);
        var wanted = document["metadata"]?["resourceVersion"]?.ToString();
        await StoreAsync(context, request, current =>
        {
            if (wanted is { Length: > 0 } && wanted != current["metadata"]!["resourceVersion"]!.ToString())
                throw ApiStatusException.Conflict(request.Resource, request.Name!);
            var metadata = current["metadata"]!.AsObject();
            document["metadata"]!["uid"] = metadata["uid"]!.DeepClone();
            document["metadata"]!["creationTimestamp"] = metadata["creationTimestamp"]?.DeepClone();
            document["metadata"]!["resourceVersion"] = metadata["resourceVersion"]!.DeepClone();
            return document;
        }).ConfigureAwait(false);
    }

    private async Task PatchAsync(HttpContext context, ApiRequest request)
    {
        using var reader = new StreamReader(context.Request.Body);
        var patch = JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted).ConfigureAwait(false))!;
        var type = (context.Request.ContentType ?? "").Split(';')[0].Trim();
        var wanted = patch is JsonObject fields ? fields["metadata"]?["resourceVersion"]?.ToString() : null;
        await StoreAsync(context, request, current => wanted is null || wanted == current["metadata"]!["resourceVersion"]!.ToString()
            ? Patching.Apply(current, type, patch)
            : throw ApiStatusException.Conflict(request.Resource, request.Name!)).ConfigureAwait(false);
    }

    private async Task StoreAsync(HttpContext context, ApiRequest request, Func<JsonObject, JsonObject> change)
    {
        var wasCordoned = false;
        var stored = world.Store.Update(request.Resource.Plural, request.Namespace ?? "", request.Name!, current =>
        {
            // Under the store's lock: of two changes at once only one is the change.
            wasCordoned = current["spec"]?["unschedulable"]?.GetValue<bool>() == true;
            var changed = change(current);
            if (!ReferenceEquals(changed, current))
                Replace(current, changed);
            return true;
        }, evenIfSame: atRest.IsStale(request)) ?? throw ApiStatusException.NotFound(request.Resource, request.Name!);
        atRest.Wrote(request, stored);
        if (request.Resource.Plural == "nodes" && wasCordoned != KubeObjects.IsCordoned(stored))
            world.LogNode(KubeObjects.IsCordoned(stored) ? LabEvents.NodeCordoned : LabEvents.NodeUncordoned, stored.Name);
        await ApiHandler.WriteAsync(context, 200, stored.Document).ConfigureAwait(false);
    }

    private static void Replace(JsonObject current, JsonObject changed)
    {
        current.Clear();
        foreach (var (name, value) in changed)
            current[name] = value?.DeepClone();
    }

    private async Task DeleteAsync(HttpContext context, ApiRequest request)
    {
        var found = world.Store.Get(request.Resource.Plural, request.Namespace ?? "", request.Name!) ?? throw ApiStatusException.NotFound(request.Resource, request.Name!);
        if (request.Resource.Plural == "pods")
        {
            world.Workloads.StopPod(found, LabEvents.PodDeleted, "deleted by a client");
        }
        else
        {
            world.Store.Delete(request.Resource.Plural, request.Namespace ?? "", request.Name!);
            if (request.Resource.Plural == "nodes")
                world.LogNode(LabEvents.NodeDeleted, found.Name);
        }

        await ApiHandler.WriteAsync(context, 200, found.Document).ConfigureAwait(false);
    }

    private async Task EvictAsync(HttpContext context, ApiRequest request)
    {
        var eviction = await ReadAsync(context).ConfigureAwait(false);
        var uid = KubeObject.Read(eviction, "deleteOptions", "preconditions", "uid")?.ToString();
        world.Workloads.Evict(request.Namespace ?? "", request.Name!, uid);
        await ApiHandler.WriteAsync(context, 201, new JsonObject
        {
            ["kind"] = "Status",
            ["apiVersion"] = "v1",
            ["metadata"] = new JsonObject(),
            ["status"] = "Success",
            ["code"] = 201,
        }).ConfigureAwait(false);
    }

    private static async Task<JsonObject> ReadAsync(HttpContext context) =>
        (await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted).ConfigureAwait(false))!.AsObject();

    private static bool WantsTable(HttpContext context) => context.Request.Headers.Accept.ToString().Contains("as=Table", StringComparison.Ordinal);
}
