using System.CommandLine;
using Microsoft.Extensions.Logging;
using Rotation.DevServer;
using Rotation.Worker.Connection;
using Rotation.Worker.Hosting;
using Rotation.Workflows.Serialization;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation server</c>: the embedded server in the foreground. Also understands what Temporal's SDKs pass to a development server.</summary>
internal static class ServerCommand
{
    private const int DefaultPort = 7233;

    private static readonly Argument<int?> BarePort = new("port-number") { Description = "The port.", Arity = ArgumentArity.ZeroOrOne, Hidden = true };
    private static readonly Option<int> Port = new Option<int>("--port", "-p") { Description = "TCP port on 127.0.0.1; 0 takes a free one.", DefaultValueFactory = _ => DefaultPort, HelpName = "PORT" }.With(Check.Port);
    private static readonly Option<string[]> Namespaces = new("--namespace", "-n")
    {
        Description = "Namespace to serve; may be given more than once.",
        DefaultValueFactory = _ => ["default"],
        HelpName = "NAME",
    };

    private static readonly Option<bool> TimeSkipping = new("--time-skipping") { Description = "For tests: callers may unlock the clock, which then moves on whenever nothing is in progress." };

    private static readonly Option<string?> Database = new("--db", "--db-filename", "-f") { Description = "File that keeps everything, made when it is not there. Default: in memory, gone when the server stops.", HelpName = "FILE" };

    private static readonly Option<string> File = new("--db") { Description = "The file.", Required = true, HelpName = "FILE" };

    // Given by SDKs that start us as their development server. What has no meaning here (no UI, no other addresses) is accepted and left alone.
    private static readonly Option[] ForSdks =
    [
        new Option<string?>("--ip") { Hidden = true }, new Option<string?>("--log-format") { Hidden = true }, new Option<string?>("--log-level") { Hidden = true },
        new Option<string[]>("--dynamic-config-value") { Hidden = true }, new Option<bool>("--headless") { Hidden = true }, new Option<int>("--ui-port") { Hidden = true },
    ];

    public static Command Create()
    {
        var startDev = new Verb("start-dev", "The same, as Temporal's own command line calls it.", ["server start-dev --port 7233"], RunAsync, [Port, Namespaces, Database, .. ForSdks]);
        var compact = new Verb("compact", "Give the unused space of a server's file back to the disk, while no server uses it.", ["server compact --db ./rotations.db"], CompactAsync, [File]);
        return new Verb(
            "server",
            "Run the embedded Temporal-compatible server until interrupted.",
            ["server --db ./rotations.db", "server --port 0 --json", "server start-dev --port 7233"],
            RunAsync,
            [BarePort, Port, Namespaces, Database, TimeSkipping, startDev, compact]);
    }

    private static Task<int> CompactAsync(Invocation call)
    {
        (long before, long after) = EmbeddedServer.Compact(Path.GetFullPath(call.Value(File)!));
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new CompactDocument(before, after));
        else
            call.Terminal.Say($"{before} bytes before, {after} after.");
        return Task.FromResult(ExitCode.Done);
    }

    private static async Task<int> RunAsync(Invocation call)
    {
        using ILoggerFactory loggers = Logging.ToErrors(call.Terminal.Debug);
        var options = new DevServerOptions { Port = call.Value(BarePort) ?? call.Value(Port), Namespaces = call.Value(Namespaces)!, DatabasePath = call.Value(Database) is { } file ? Path.GetFullPath(file) : null, TimeSkipping = call.Value(TimeSkipping) };
        await using EmbeddedServer server = await EmbeddedServer.StartAsync(options, call.Cancel, loggers).ConfigureAwait(false);
        // SDKs that start us for their own tests expect an empty namespace.
        if (call.Arguments.CommandResult.Command.Name == "server" && !options.TimeSkipping)
            await SetUpAsync(server.Address, options.Namespaces, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new ServerDocument(server.Address, options.Namespaces));
        else
            call.Terminal.Say($"Temporal-compatible server at {server.Address}, namespaces: {string.Join(", ", options.Namespaces)}. Ctrl-C ends it.");
        await Until.CancelledAsync(call.Cancel).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static async Task SetUpAsync(string address, IReadOnlyList<string> namespaces, CancellationToken cancel)
    {
        foreach (string space in namespaces)
            await SetupCommand.RegisterAsync(await TemporalConnector.OpenAsync(new TemporalAddress(address, space), RotationDataConverter.Plain, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
    }

    private sealed record CompactDocument(long Before, long After);

    private sealed record ServerDocument(string Address, IReadOnlyList<string> Namespaces);
}
