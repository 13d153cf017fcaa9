using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Rotation.Tests.Lab.Activities;

/// <summary>Stands before the cloud and breaks the connection of one call: before the cloud gets it, or after it did what was asked and before it can say so.</summary>
internal sealed class DroppingProxy : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly HttpClient _http = new();
    private readonly ConcurrentBag<string> _bodies = [];
    private readonly Uri _cloud;
    private readonly Task _serving;
    private string? _action;
    private bool _afterEffect;

    public DroppingProxy(Uri cloud, int port)
    {
        _cloud = cloud;
        Address = new Uri($"http://127.0.0.1:{port}/");
        _listener.Prefixes.Add(Address.ToString());
        _listener.Start();
        _serving = ServeAsync();
    }

    public Uri Address { get; }

    /// <summary>Calls whose connection was broken.</summary>
    public int Dropped { get; private set; }

    /// <summary>Calls of an action so far, broken ones too.</summary>
    public int Count(string action) => _bodies.Count(b => b.Contains($"Action={action}", StringComparison.Ordinal));

    /// <summary>Breaks the next call of an action.</summary>
    public void DropNext(string action, bool afterEffect) => (_action, _afterEffect) = (action, afterEffect);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
        _listener.Close();
        _http.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                await AnswerAsync(await _listener.GetContextAsync());
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException && !_listener.IsListening)
            {
                return;
            }
        }
    }

    private async Task AnswerAsync(HttpListenerContext context)
    {
        using var reader = new StreamReader(context.Request.InputStream);
        string body = await reader.ReadToEndAsync();
        _bodies.Add(body);
        bool drop = _action is { } action && body.Contains($"Action={action}", StringComparison.Ordinal);
        if (drop)
        {
            _action = null;
            Dropped++;
        }

        if (drop && !_afterEffect)
        {
            context.Response.Abort();
            return;
        }

        using var content = new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded");
        using HttpResponseMessage answer = await _http.PostAsync(_cloud, content);
        if (drop)
        {
            context.Response.Abort();
            return;
        }

        context.Response.StatusCode = (int)answer.StatusCode;
        byte[] bytes = await answer.Content.ReadAsByteArrayAsync();
        context.Response.ContentType = "text/xml";
        await context.Response.OutputStream.WriteAsync(bytes);
        context.Response.Close();
    }
}
