using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rotation.DevServer.Operator;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility;
using Rotation.DevServer.Visibility.Attributes;

namespace Rotation.DevServer;

/// <summary>
/// An embedded Temporal-compatible server, running from <see cref="StartAsync"/> until disposed. Composition root: the only place
/// that knows all parts.
/// </summary>
public sealed class EmbeddedServer : IAsyncDisposable
{
    private readonly TransportHost _host;
    private readonly SingleConnectionDatabase _database;

    private EmbeddedServer(TransportHost host, SingleConnectionDatabase database)
    {
        _host = host;
        _database = database;
    }

    /// <summary>Host and port as Temporal clients take it, for example <c>127.0.0.1:7233</c>.</summary>
    public string Address => _host.Address;

    /// <summary>Starts a server and returns when it answers. Throws <see cref="IOException"/> when a fixed port is taken.</summary>
    public static async Task<EmbeddedServer> StartAsync(
        DevServerOptions options, CancellationToken cancellation, ILoggerFactory? loggers = null)
    {
        var namespaces = new NamespaceSet(options.Namespaces);
        var database = SingleConnectionDatabase.InMemory(VisibilitySchema.Create);
        try
        {
            var table = await HandlersAsync(options, namespaces, database, cancellation).ConfigureAwait(false);
            var transport = new TransportOptions { Port = options.Port, MaxRequestBytes = options.MaxRequestBytes };
            var host = await TransportHost.StartAsync(
                table, namespaces.Has, transport, loggers ?? NullLoggerFactory.Instance, cancellation).ConfigureAwait(false);
            return new EmbeddedServer(host, database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Stops gracefully: long polls end, running calls finish, the port closes.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync().ConfigureAwait(false);
        _database.Dispose();
    }

    private static async Task<ServiceTable> HandlersAsync(
        DevServerOptions options, NamespaceSet namespaces, IDatabase database, CancellationToken cancellation)
    {
        var table = new ServiceTable();
        var catalog = await SearchAttributeCatalog.LoadAsync(database, cancellation).ConfigureAwait(false);
        new SystemHandlers(namespaces, options.Retention, options.CompletePollsOnWorkerShutdown).AddTo(table);
        new SearchAttributeHandlers(namespaces, catalog).AddTo(table);
        new VisibilityHandlers(database, catalog).AddTo(table);
        return table;
    }
}
