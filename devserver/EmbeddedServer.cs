using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rotation.DevServer.Operator;
using Rotation.DevServer.Transport;

namespace Rotation.DevServer;

/// <summary>
/// An embedded Temporal-compatible server, running from <see cref="StartAsync"/> until disposed. Composition root: the only place
/// that knows all parts.
/// </summary>
public sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly TransportHost _host;

    private EmbeddedServer(TransportHost host) => _host = host;

    /// <summary>Host and port as Temporal clients take it, for example <c>127.0.0.1:7233</c>.</summary>
    public string Address => _host.Address;

    /// <summary>Starts a server and returns when it answers. Throws <see cref="IOException"/> when a fixed port is taken.</summary>
    public static async Task<EmbeddedServer> StartAsync(
        DevServerOptions options, CancellationToken cancellation, ILoggerFactory? loggers = null)
    {
        var namespaces = new NamespaceSet(options.Namespaces);
        var table = new ServiceTable();
        new SystemHandlers(namespaces, options.Retention, options.CompletePollsOnWorkerShutdown).AddTo(table);
        var transport = new TransportOptions { Port = options.Port, MaxRequestBytes = options.MaxRequestBytes };
        return new EmbeddedServer(await TransportHost.StartAsync(
            table, namespaces.Has, transport, loggers ?? NullLoggerFactory.Instance, cancellation).ConfigureAwait(false));
    }

    /// <summary>Stops gracefully: long polls end, running calls finish, the port closes.</summary>
    public ValueTask DisposeAsync() => _host.DisposeAsync();
}
