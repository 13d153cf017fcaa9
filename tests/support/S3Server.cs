using System.Diagnostics;
using System.Net.Sockets;

namespace Rotation.Tests.Support;

/// <summary>A real S3-compatible server on loopback with one empty bucket, <c>state</c>. Tests skip where <c>eng/install-optional-tools</c> could not get one.</summary>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>Key id and secret that it knows.</summary>
    public const string Credential = "S3RVER";

    private static readonly string Tool = RepositoryRoot.Combine("artifacts", "tools", "node_modules", ".bin", "s3rver");

    private readonly TempFolder _folder = new();
    private readonly Process _process;

    private S3Server(string tool)
    {
        int port = FreePort.Next();
        Url = $"http://127.0.0.1:{port}";
        _process = Process.Start(new ProcessStartInfo(tool, ["--directory", _folder.Path, "--port", $"{port}", "--address", "127.0.0.1", "--silent", "--configure-bucket", "state"]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    }

    /// <summary>Whether there is one to start.</summary>
    public static bool IsInstalled => File.Exists(Tool);

    /// <summary>Address of the server.</summary>
    public string Url { get; }

    /// <summary>Starts it and waits until it answers. Skips the running test when there is none.</summary>
    public static async Task<S3Server> StartAsync()
    {
        if (!IsInstalled)
            throw new SkipTestException("s3rver is not installed; run eng/install-optional-tools.");
        var server = new S3Server(Tool);
        await Eventually.HoldsAsync(async () =>
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", new Uri(server.Url).Port);
        });
        return server;
    }

    /// <summary>Ends it as a crash does.</summary>
    public async Task KillAsync()
    {
        if (_process.HasExited)
            return;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
        _folder.Dispose();
    }
}
