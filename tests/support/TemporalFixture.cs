using Rotation.DevServer;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Support;

/// <summary>
/// A Temporal server and a connected client for a test class: the embedded server, in memory, or the one at
/// <c>ROTATION_TEST_TEMPORAL_ADDRESS</c> when that is set. Tests must therefore use ids and queues of their own
/// (<see cref="RandomId"/>) and poll what is eventually consistent (<see cref="Eventually"/>).
/// </summary>
public class TemporalFixture : IAsyncLifetime
{
    private EmbeddedServer? _server;

    /// <summary>Host and port of the server.</summary>
    public string Address { get; private set; } = "";

    public string Namespace { get; } = Environment.GetEnvironmentVariable("ROTATION_TEST_TEMPORAL_NAMESPACE") ?? "default";

    /// <summary>False when the tests run against a server given by address.</summary>
    public bool IsEmbedded => _server is not null;

    /// <summary>Connected with the SDK's default data converter.</summary>
    public ITemporalClient Client { get; private set; } = null!;

    /// <summary>What the embedded server is started with; override to change.</summary>
    protected virtual DevServerOptions Options => new() { Namespaces = [Namespace] };

    /// <summary>True: what is tested only the embedded server can do, so an address given is not used.</summary>
    protected virtual bool AlwaysEmbedded => false;

    public async ValueTask InitializeAsync()
    {
        var given = AlwaysEmbedded ? null : Environment.GetEnvironmentVariable("ROTATION_TEST_TEMPORAL_ADDRESS");
        if (string.IsNullOrEmpty(given))
            _server = await EmbeddedServer.StartAsync(Options, CancellationToken.None);
        Address = _server?.Address ?? given!;
        Client = await ConnectAsync();
    }

    /// <summary>A connection of its own, for tests that break it or need options (converter, identity, interceptors).</summary>
    public async Task<ITemporalClient> ConnectAsync(Action<TemporalClientConnectOptions>? configure = null)
    {
        var options = new TemporalClientConnectOptions(Address) { Namespace = Namespace };
        configure?.Invoke(options);
        return await TemporalClient.ConnectAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
