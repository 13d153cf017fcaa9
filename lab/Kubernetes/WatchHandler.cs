using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace Rotation.Lab.Kubernetes;

/// <summary>Streams changes of a resource as JSON lines until the client leaves, its timeout passes, or the server drains.</summary>
internal sealed class WatchHandler(KubeStore store, CancellationToken draining)
{
    public async Task HandleAsync(HttpContext context, ApiRequest request)
    {
        var query = context.Request.Query;
        var filter = Selectors.Filter(query["labelSelector"], query["fieldSelector"]);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(draining, context.RequestAborted);
        if (int.TryParse(query["timeoutSeconds"], out var seconds) && seconds > 0)
            end.CancelAfter(TimeSpan.FromSeconds(seconds));
        context.Response.ContentType = "application/json";
        _ = long.TryParse(query["resourceVersion"], out var after);
        if (after == 0)
        {
            var (items, version) = store.List(request.Resource.Plural, request.Namespace);
            foreach (var item in items.Where(filter))
                await SendAsync(context, "ADDED", item.Utf8).ConfigureAwait(false);
            after = version;
        }

        var changes = store.Subscribe(after);
        if (changes is null)
        {
            var gone = new ApiStatusException(410, "Expired", "too old resource version").ToJson();
            await SendAsync(context, "ERROR", System.Text.Encoding.UTF8.GetBytes(gone.ToJsonString())).ConfigureAwait(false);
            return;
        }

        try
        {
            await context.Response.Body.FlushAsync(end.Token).ConfigureAwait(false);
            await StreamAsync(context, request, filter, changes.Reader, end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The watch ends; the client lists again and goes on elsewhere.
        }
        finally
        {
            store.Unsubscribe(changes);
        }
    }

    private static async Task StreamAsync(HttpContext context, ApiRequest request, Func<KubeObject, bool> filter, ChannelReader<KubeChange> changes, CancellationToken end)
    {
        await foreach (var change in changes.ReadAllAsync(end).ConfigureAwait(false))
        {
            if (change.Resource != request.Resource.Plural || (request.Namespace is not null && change.Object.Namespace != request.Namespace))
                continue;
            if (filter(change.Object))
                await SendAsync(context, change.Type, change.Object.Utf8).ConfigureAwait(false);
        }
    }

    private static async Task SendAsync(HttpContext context, string type, byte[] item)
    {
        var line = new MemoryStream(item.Length + 40);
        line.Write(System.Text.Encoding.ASCII.GetBytes($"{{\"type\":\"{type}\",\"object\":"));
        line.Write(item);
        line.Write("}\n"u8);
        await context.Response.Body.WriteAsync(line.GetBuffer().AsMemory(0, (int)line.Length), context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }
}
