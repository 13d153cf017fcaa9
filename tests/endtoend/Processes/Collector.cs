using System.Net;
using Rotation.Tests.Support;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>A collector that takes everything sent over OTLP by HTTP and keeps it as it came.</summary>
internal sealed class Collector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly MemoryStream _received = new();
    private readonly Task _loop;

    public Collector()
    {
        Address = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add($"{Address}/");
        _listener.Start();
        _loop = ListenAsync();
    }

    public string Address { get; }

    /// <summary>Everything so far, a byte a character.</summary>
    public string Received
    {
        get
        {
            lock (_received)
                return System.Text.Encoding.Latin1.GetString(_received.ToArray());
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
        await _received.DisposeAsync();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                HttpListenerContext context = await _listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                lock (_received)
                    body.WriteTo(_received);
                context.Response.Close();
            }
        }
        catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
        {
            // Closed.
        }
    }
}
