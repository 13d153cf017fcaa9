using System.CommandLine;
using Microsoft.Extensions.Hosting;
using Rotation.Worker.Connection;
using Rotation.Worker.Hosting;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation worker</c>: runs workflows and activities until it is told to stop, then lets activities finish or hand over.</summary>
internal static class WorkerCommand
{
    private static readonly Option<FileInfo?> Config = new("--config") { Description = "JSON file with the section 'Rotation'. Default: appsettings.json beside you, when there is one.", HelpName = "FILE" };

    public static Command Create() => new Verb(
        "worker",
        "Run a worker: it takes rotations from the task queue 'rotation' and does what they decide.",
        ["worker", "worker --config /etc/rotation/worker.json", "worker --address temporal.internal:7233 --namespace ops"],
        RunAsync,
        [Config, .. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        var options = new WorkerHostOptions { ConfigFile = ConfigFile(call), Debug = call.Terminal.Debug };
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        using IHost host = WorkerHost.Create(client, options);
        await host.StartAsync(call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new WorkerDocument(Workflows.TaskQueues.Rotation, Environment.ProcessId));
        else
            call.Terminal.Say($"Worker on task queue '{Workflows.TaskQueues.Rotation}'. Ctrl-C ends it.");
        await Until.CancelledAsync(call.Cancel).ConfigureAwait(false);
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private static string? ConfigFile(Invocation call) => call.Value(Config) switch
    {
        null => null,
        { Exists: true } file => file.FullName,
        { } file => throw CommandFailure.Usage($"--config: there is no file '{file.FullName}'."),
    };

    private sealed record WorkerDocument(string TaskQueue, int ProcessId);
}
