using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Rotation.Worker.Connection;
using Rotation.Worker.Hosting;
using Temporalio.Client;

namespace Rotation.Worker.Commands;

/// <summary><c>rotation worker</c>: runs workflows and activities until it is told to stop, then lets activities finish or hand over.</summary>
internal static class WorkerCommand
{
    public static Command Create() => new Verb(
        "worker",
        "Run a worker: it takes rotations from the task queue 'rotation' and does what they decide.",
        ["worker", "worker --config /etc/rotation/worker.json", "worker --address temporal.internal:7233 --namespace ops"],
        RunAsync,
        [.. ConnectionOptions.All]);

    private static async Task<int> RunAsync(Invocation call)
    {
        IConfiguration configuration = ConfigOption.Load(call);
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        using IHost host = WorkerHost.Create(client, configuration, new WorkerHostOptions { Debug = call.Terminal.Debug });
        await host.StartAsync(call.Cancel).ConfigureAwait(false);
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new WorkerDocument(Workflows.TaskQueues.Rotation, Environment.ProcessId));
        else
            call.Terminal.Say($"Worker on task queue '{Workflows.TaskQueues.Rotation}'. Ctrl-C ends it.");
        await Until.CancelledAsync(call.Cancel).ConfigureAwait(false);
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return ExitCode.Done;
    }

    private sealed record WorkerDocument(string TaskQueue, int ProcessId);
}
