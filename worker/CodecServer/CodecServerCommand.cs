using System.CommandLine;
using Rotation.Worker.Commands;
using Rotation.Worker.Hosting;

namespace Rotation.Worker.CodecServer;

/// <summary><c>rotation codec-server</c>: decrypts payloads for the Temporal UI until interrupted.</summary>
internal static class CodecServerCommand
{
    public static Command Create() => new Verb(
        "codec-server",
        "Decrypt payloads for the Temporal UI and the temporal command, until interrupted.",
        ["codec-server --config /etc/rotation/codec-server.json"],
        RunAsync,
        [ConfigOption.Config]);

    private static async Task<int> RunAsync(Invocation call)
    {
        await using CodecServerHost server = await CodecServerHost.StartAsync(ConfigOption.Load(call), l => Logging.Configure(l, call.Terminal.Debug, Microsoft.Extensions.Logging.LogLevel.Warning), call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new CodecServerDocument(server.Address));
        else
            call.Terminal.Say($"Codec server at {server.Address}. In the Temporal UI: Data Encoder, Remote Codec Endpoint. Ctrl-C ends it.");
        await Until.CancelledAsync(call.Cancel).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private sealed record CodecServerDocument(string Address);
}
