using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Rotation.Tests.Unit.Activities;

/// <summary>
/// An HTTP server on loopback that dies at a point of every change it is asked for while <see cref="At"/> says so: the client sees its connection close. Reads are
/// always answered.
/// </summary>
internal sealed class CrashingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<byte[], Task<byte[]>> _answer;
    private readonly Task _serving;
    private int _changes;

    /// <param name="answer">Does what a whole request asks for and gives the whole response.</param>
    public CrashingServer(Func<byte[], Task<byte[]>> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = ServeAsync();
    }

    /// <summary>Address of the server.</summary>
    public string Url => $"http://{_listener.LocalEndpoint}";

    /// <summary>Where it dies; null: it lives.</summary>
    public CrashPoint? At { get; set; }

    /// <summary>Changes that it has done whole.</summary>
    public int Changes => _changes;

    /// <summary>Passes requests on to another server.</summary>
    public static CrashingServer Before(string url) => new(r => SendAsync(url, r));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _listener.Stop();
        _stop.Dispose();
    }

    private static async Task<byte[]> SendAsync(string url, byte[] request)
    {
        var address = new Uri(url);
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        NetworkStream stream = client.GetStream();
        await stream.WriteAsync(request);
        using var response = new MemoryStream();
        await stream.CopyToAsync(response);
        return response.ToArray();
    }

    private async Task ServeAsync()
    {
        List<Task> clients = [];
        try
        {
            while (true)
                clients.Add(AnswerAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(clients);
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            NetworkStream stream = client.GetStream();
            // Both an object and a Secret are taken whole or not at all: half of one that came has no effect.
            if (await ReadAsync(stream, dies: At == CrashPoint.During) is not { } request)
                return;
            bool changes = !Encoding.ASCII.GetString(request, 0, 4).StartsWith("GET", StringComparison.Ordinal);
            if (changes && At is CrashPoint.Before)
                return;
            byte[] response = await _answer(request);
            if (changes)
                Interlocked.Increment(ref _changes);
            if (!changes || At is null)
                await stream.WriteAsync(response);
        }
    }

    // One request a connection, which is closed after it.
    private static async Task<byte[]?> ReadAsync(NetworkStream stream, bool dies)
    {
        byte[] buffer = new byte[64 * 1024];
        using var all = new MemoryStream();
        int head = -1, length = 0;
        while (head < 0 || all.Length < head + length)
        {
            int count = await stream.ReadAsync(buffer);
            if (count == 0)
                return null;
            all.Write(buffer, 0, count);
            string text = Encoding.Latin1.GetString(all.ToArray());
            if (head >= 0 || text.IndexOf("\r\n\r\n", StringComparison.Ordinal) is not (>= 0 and var end))
                continue;
            head = end + 4;
            if (dies && !text.StartsWith("GET", StringComparison.Ordinal))
                return null;
            length = Regex.Match(text[..head], @"(?i)\r\ncontent-length: (\d+)") is { Success: true } found ? int.Parse(found.Groups[1].Value) : 0;
            if (Regex.IsMatch(text[..head], @"(?i)\r\nexpect: 100-continue"))
                await stream.WriteAsync("HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray());
        }

        string whole = Encoding.Latin1.GetString(all.ToArray());
        string first = Regex.Replace(whole[..head], @"(?i)\r\n(connection|expect): [^\r]*", "");
        return Encoding.Latin1.GetBytes(first[..^2] + "Connection: close\r\n\r\n" + whole[head..]);
    }
}
