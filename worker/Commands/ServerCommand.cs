using System.CommandLine;
using System.CommandLine.Parsing;
using Microsoft.Extensions.Logging;
using Rotation.DevServer;
using Rotation.Worker.Connection;
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

    private static readonly Option<int?> MetricsPort = new("--metrics-port") { Description = "TCP port on 127.0.0.1 for /healthz and /metrics over HTTP; 0 takes a free one. Default: none.", HelpName = "PORT" };

    private static readonly Option<string[]> SearchAttributes = new Option<string[]>("--search-attribute")
    {
        Description = "Search attribute that every namespace gets, as Name=Type; may be given more than once.",
        HelpName = "NAME=TYPE",
    }.With(NameAndType);

    private static readonly Option<string?> LogFormat = new Option<string?>("--log-format") { Description = $"One of {string.Join(", ", ServerLogs.Formats)}. Default: text.", HelpName = "FORMAT" }.With(o => Check.OneOf(o, ServerLogs.Formats));
    private static readonly Option<string?> LogLevel = new Option<string?>("--log-level") { Description = $"One of {string.Join(", ", ServerLogs.Levels)}. Default: warn.", HelpName = "LEVEL" }.With(o => Check.OneOf(o, ServerLogs.Levels));

    private static readonly Option<string?> Ip = new Option<string?>("--ip") { Hidden = true }.With(LoopbackOnly);

    // Given by SDKs that start us as their development server. What has no meaning here (there is no UI) is accepted and left alone.
    private static readonly Option[] ForSdks =
    [
        new Option<string[]>("--dynamic-config-value") { Hidden = true }, new Option<bool>("--headless") { Hidden = true }, new Option<int>("--ui-port") { Hidden = true },
    ];

    public static Command Create()
    {
        var startDev = new Verb("start-dev", "The same, as Temporal's own command line calls it.", ["server start-dev --port 7233"], RunAsync, [Port, Ip, Namespaces, Database, SearchAttributes, MetricsPort, LogFormat, LogLevel, .. ForSdks]);
        var compact = new Verb("compact", "Give the unused space of a server's file back to the disk, while no server uses it.", ["server compact --db ./rotations.db"], CompactAsync, [File]);
        return new Verb(
            "server",
            "Run the embedded Temporal-compatible server until interrupted.",
            ["server --db ./rotations.db", "server --port 0 --json", "server --metrics-port 9090 --log-format json --log-level info", "server start-dev --port 7233"],
            RunAsync,
            [BarePort, Port, Ip, Namespaces, Database, SearchAttributes, MetricsPort, LogFormat, LogLevel, TimeSkipping, startDev, compact]);
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
        using ILoggerFactory loggers = ServerLogs.Create(call.Value(LogFormat), call.Value(LogLevel), call.Terminal.Debug);
        DevServerOptions options = OptionsOf(call);
        await using EmbeddedServer server = await StartAsync(options, loggers, call.Cancel).ConfigureAwait(false);
        // SDKs that start us for their own tests expect an empty namespace.
        if (call.Arguments.CommandResult.Command.Name == "server" && !options.TimeSkipping)
            await SetUpAsync(server.Address, options.Namespaces, call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new ServerDocument(server.Address, options.Namespaces, server.StatusAddress));
        else
            call.Terminal.Say($"Temporal-compatible server at {server.Address}, namespaces: {string.Join(", ", options.Namespaces)}{(server.StatusAddress is { } status ? $"; metrics at http://{status}/metrics" : "")}. Ctrl-C ends it.");
        await Until.CancelledAsync(call.Cancel).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static DevServerOptions OptionsOf(Invocation call) => new()
    {
        Port = call.Value(BarePort) ?? call.Value(Port),
        StatusPort = call.Value(MetricsPort),
        Namespaces = call.Value(Namespaces)!,
        SearchAttributes = (call.Value(SearchAttributes) ?? []).Select(a => a.Split('=', 2)).ToDictionary(a => a[0], a => a[1], StringComparer.Ordinal),
        DatabasePath = call.Value(Database) is { } file ? Path.GetFullPath(file) : null,
        TimeSkipping = call.Value(TimeSkipping),
    };

    private static async Task<EmbeddedServer> StartAsync(DevServerOptions options, ILoggerFactory loggers, CancellationToken cancel)
    {
        try
        {
            return await EmbeddedServer.StartAsync(options, cancel, loggers).ConfigureAwait(false);
        }
        catch (ArgumentException wrong)
        {
            throw CommandFailure.Usage(wrong.Message);
        }
    }

    private static Action<OptionResult> NameAndType(Option<string[]> option) => result =>
    {
        List<string> given = [.. result.Tokens.Select(t => t.Value)];
        foreach (string wrong in given.Where(a => a.Split('=') is not [{ Length: > 0 }, { Length: > 0 }]))
            result.AddError($"{option.Name} is '{wrong}'; write it as Name=Type, for example Cluster=Keyword.");
        if (given.GroupBy(a => a.Split('=')[0], StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            result.AddError($"{option.Name} names '{twice.Key}' more than once.");
    };

    private static Action<OptionResult> LoopbackOnly(Option<string?> option) => result =>
    {
        if (result.Tokens is [.., var token] && token.Value is not ("127.0.0.1" or "localhost"))
            result.AddError($"{option.Name} is '{token.Value}', but the embedded server listens on 127.0.0.1 only. It is for one machine: to be reached from others, run a Temporal service and give its address with --address.");
    };

    private static async Task SetUpAsync(string address, IReadOnlyList<string> namespaces, CancellationToken cancel)
    {
        foreach (string space in namespaces)
            await SetupCommand.RegisterAsync(await TemporalConnector.OpenAsync(new TemporalAddress(address, space), RotationDataConverter.Plain, cancel).ConfigureAwait(false), cancel).ConfigureAwait(false);
    }

    private sealed record CompactDocument(long Before, long After);

    private sealed record ServerDocument(string Address, IReadOnlyList<string> Namespaces, string? Metrics);
}
