using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Handlers;
using Rotation.DevServer.Operator;
using Rotation.DevServer.Schedules;
using Rotation.DevServer.Store;
using Rotation.DevServer.Timers;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer;

/// <summary>
/// An embedded Temporal-compatible server, running from <see cref="StartAsync"/> until disposed. Composition root: the only place
/// that knows all parts.
/// </summary>
public sealed partial class EmbeddedServer : IAsyncDisposable
{
    private readonly TransportHost _host;
    private readonly ILogger _logger;
    private readonly ServerEngine _engine;
    private readonly SqliteStore _store;

    private EmbeddedServer(TransportHost host, ServerEngine engine, SqliteStore store, ILogger logger)
    {
        _host = host;
        _logger = logger;
        _engine = engine;
        _store = store;
    }

    /// <summary>Host and port as Temporal clients take it, for example <c>127.0.0.1:7233</c>.</summary>
    public string Address => _host.Address;

    /// <summary>Host and port of <c>/healthz</c> and <c>/metrics</c>; null when <see cref="DevServerOptions.StatusPort"/> is.</summary>
    public string? StatusAddress => _host.StatusAddress;

    /// <summary>
    /// Starts a server and returns when it answers; everything stored has been recovered by then. Throws <see cref="IOException"/> when a
    /// fixed port is taken, <see cref="StoreException"/> when the file cannot be used, and <see cref="ArgumentException"/> when a namespace or search attribute is none.
    /// </summary>
    public static async Task<EmbeddedServer> StartAsync(
        DevServerOptions options, CancellationToken cancellation, ILoggerFactory? loggers = null)
    {
        loggers ??= NullLoggerFactory.Instance;
        var namespaces = new NamespaceSet(options.Namespaces);
        var store = SqliteStore.Open(options.DatabasePath);
        ServerEngine? engine = null;
        try
        {
            var catalog = await SearchAttributeCatalog.LoadAsync(store, cancellation).ConfigureAwait(false);
            await RegisterAsync(catalog, namespaces, options.SearchAttributes, cancellation).ConfigureAwait(false);
            var limits = new HistoryLimits(options.MaxHistoryEvents, options.MaxHistoryBytes);
            engine = new ServerEngine(store, catalog, new ServerClock(TimeProvider.System), limits, loggers.CreateLogger<ServerEngine>());
            var retention = new Retention(engine, store, new VisibilityIndex(), options.Retention);
            var transport = new TransportOptions { Port = options.Port, StatusPort = options.StatusPort, MaxRequestBytes = options.MaxRequestBytes };
            var host = await TransportHost.StartAsync(
                Handlers(options, namespaces, store, catalog, engine, retention), namespaces.Has, engine.Gauges, transport, loggers, cancellation).ConfigureAwait(false);
            engine.Loops.Start(options.TimeSkipping ? null : retention, options.RetentionSweep);
            var logger = loggers.CreateLogger<EmbeddedServer>();
            var open = engine.Look(() => engine.Runs.Open.Count);
            Started(logger, host.Address, options.DatabasePath ?? "memory", open);
            return new EmbeddedServer(host, engine, store, logger);
        }
        catch
        {
            if (engine is not null)
                await engine.DisposeAsync().ConfigureAwait(false);
            await store.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>
    /// Gives a file's unused space back to the disk, while no server uses it. Throws <see cref="StoreException"/> when one does, when the file is not there, and when it
    /// cannot be used; nothing is changed then.
    /// </summary>
    /// <returns>Size before and after, in bytes.</returns>
    public static (long Before, long After) Compact(string databasePath) => StoreFile.Compact(databasePath);

    /// <summary>Stops gracefully: long polls end, running calls finish, the port closes, the file is released.</summary>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync().ConfigureAwait(false);
        await _engine.DisposeAsync().ConfigureAwait(false);
        await _store.DisposeAsync().ConfigureAwait(false);
        Stopped(_logger, _host.Address);
    }

    private static async Task RegisterAsync(SearchAttributeCatalog catalog, NamespaceSet namespaces, IReadOnlyDictionary<string, string> attributes, CancellationToken cancellation)
    {
        if (attributes.Count == 0)
            return;
        var unknown = attributes.FirstOrDefault(a => !Enum.TryParse<IndexedValueType>(a.Value, ignoreCase: true, out var type) || type == IndexedValueType.Unspecified);
        if (unknown.Key is not null)
            throw new ArgumentException($"Search attribute {unknown.Key} cannot be of the type '{unknown.Value}'; types are Text, Keyword, Int, Double, Bool, Datetime and KeywordList.", nameof(attributes));
        try
        {
            foreach (var name in namespaces.Names)
                await catalog.AddAsync(name, attributes.ToDictionary(a => a.Key, a => Enum.Parse<IndexedValueType>(a.Value, ignoreCase: true), StringComparer.Ordinal), cancellation).ConfigureAwait(false);
        }
        catch (RpcFailure refused)
        {
            throw new ArgumentException(refused.Message, nameof(attributes), refused);
        }
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Information, Message = "Serving at {Address} from {Database}; {Open} open executions recovered.")]
    private static partial void Started(ILogger logger, string address, string database, int open);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Information, Message = "Stopped serving at {Address}; everything acknowledged is in the store.")]
    private static partial void Stopped(ILogger logger, string address);

    private static ServiceTable Handlers(
        DevServerOptions options, NamespaceSet namespaces, SqliteStore store, SearchAttributeCatalog catalog, ServerEngine engine, Retention retention)
    {
        var table = new ServiceTable();
        new SystemHandlers(namespaces, options.Retention, options.CompletePollsOnWorkerShutdown).AddTo(table);
        new SearchAttributeHandlers(namespaces, catalog).AddTo(table);
        new VisibilityHandlers(store, catalog).AddTo(table);
        var polls = new Polls(engine, options.CompletePollsOnWorkerShutdown);
        var updates = new UpdateHandlers(engine);
        polls.AddTo(table);
        updates.AddTo(table);
        new StartHandlers(engine).AddTo(table);
        new MultiOperationHandlers(engine, updates).AddTo(table);
        new WorkflowTaskHandlers(engine, polls).AddTo(table);
        new ActivityHandlers(engine, polls).AddTo(table);
        new RunHandlers(engine, retention).AddTo(table);
        new HistoryHandlers(engine).AddTo(table);
        new QueryHandlers(engine).AddTo(table);
        new ScheduleHandlers(engine).AddTo(table);
        new ScheduleLists(engine, store, catalog).AddTo(table);
        new DescribeHandlers(engine).AddTo(table);
        if (options.TimeSkipping)
            new TimeHandlers(engine).AddTo(table);
        return table;
    }
}
