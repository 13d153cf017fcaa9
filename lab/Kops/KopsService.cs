using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Rotation.Lab.Kops;

/// <summary>
/// The emulator as a service on loopback, for the script that stands for a kops binary: a process of .NET takes a quarter of a second to start, and a rotation runs some sixty
/// commands. A request is the token, the working directory, the number of arguments, the arguments and the variables, each ended by a zero byte, and one more zero byte.
/// Answers come as they are written: <c>o</c> or <c>e</c> with a piece of standard output or error, and last <c>x</c> with the exit code, or <c>n</c> when the command needs a
/// process of its own. Who hangs up ends the command.
/// </summary>
public sealed class KopsService : IAsyncDisposable
{
    private const int LongestRequest = 1 << 20;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly HashSet<Task> _running = [];
    private readonly string _folder = Environment.CurrentDirectory;
    private readonly Task _accepting;

    private KopsService()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Port on loopback.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Who does not know it gets no answer.</summary>
    public string Token { get; } = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));

    /// <summary>Begins to listen.</summary>
    public static KopsService Start() => new();

    /// <summary>Ends what runs, and waits for it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_end.IsCancellationRequested)
            return;
        await _end.CancelAsync().ConfigureAwait(false);
        _listener.Dispose();
        await _accepting.ConfigureAwait(false);
        Task[] left;
        lock (_running)
            left = [.. _running];
        await Task.WhenAll(left).ConfigureAwait(false);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                Begin(await _listener.AcceptSocketAsync(_end.Token).ConfigureAwait(false));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException && _end.IsCancellationRequested)
        {
            // The lab ends.
        }
    }

    private void Begin(Socket socket)
    {
        Task run = Task.Run(() => ServeAsync(socket));
        lock (_running)
            _running.Add(run);
        _ = run.ContinueWith(
            done =>
            {
                lock (_running)
                    _running.Remove(done);
            },
            TaskScheduler.Default);
    }

    private async Task ServeAsync(Socket socket)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        using var gone = CancellationTokenSource.CreateLinkedTokenSource(_end.Token);
        try
        {
            string[] request = await RequestAsync(stream, gone.Token).ConfigureAwait(false);
            if (request is not [var token, var folder, var count, .. var rest] || token != Token)
                return;
            int arguments = int.Parse(count, System.Globalization.CultureInfo.InvariantCulture);
            // Relative paths and standard input are those of the process that asks.
            if (folder != _folder || rest.Take(arguments).Any(a => a is "-" or "-f-" || a.EndsWith("=-", StringComparison.Ordinal)))
            {
                await stream.WriteAsync("n\0"u8.ToArray(), gone.Token).ConfigureAwait(false);
                return;
            }

            var watch = WatchAsync(stream, gone);
            int code = await RunAsync(rest[..arguments], rest[arguments..], stream, gone.Token).ConfigureAwait(false);
            await stream.WriteAsync(Encoding.UTF8.GetBytes($"x{code}\0"), gone.Token).ConfigureAwait(false);
            socket.Shutdown(SocketShutdown.Both);
            await watch.ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Nobody is there to hear it: killed, or the lab ends.
        }
    }

    private static async Task<int> RunAsync(string[] arguments, string[] variables, Stream answers, CancellationToken cancel)
    {
        var environment = variables.Select(v => v.Split('=', 2)).Where(v => v.Length == 2).ToDictionary(v => v[0], v => v[1], StringComparer.Ordinal);
        var one = new Lock();
        await using var output = new AnswerWriter('o', answers, one);
        await using var errors = new AnswerWriter('e', answers, one);
        return await KopsEmulator.RunAsync(arguments, output, errors, environment, cancel).ConfigureAwait(false);
    }

    // Nothing more is sent: the read ends when the other side does.
    private static async Task WatchAsync(Stream stream, CancellationTokenSource gone)
    {
        try
        {
            _ = await stream.ReadAsync(new byte[1], gone.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Gone as well.
        }

        await gone.CancelAsync().ConfigureAwait(false);
    }

    private static async Task<string[]> RequestAsync(Stream stream, CancellationToken cancel)
    {
        var all = new ArrayBufferWriter<byte>();
        while (!all.WrittenSpan.EndsWith("\0\0"u8))
        {
            int read = await stream.ReadAsync(all.GetMemory(4096), cancel).ConfigureAwait(false);
            if (read == 0 || all.WrittenCount > LongestRequest)
                return [];
            all.Advance(read);
        }

        return Encoding.UTF8.GetString(all.WrittenSpan[..^2]).Split('\0');
    }
}
