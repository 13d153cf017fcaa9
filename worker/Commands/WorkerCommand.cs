using System.CommandLine;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using Rotation.Worker.Connection;
using Rotation.Worker.Hosting;
using Rotation.Worker.Observability;
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
        ConfigurationCheck.ThrowIfWrong(configuration);
        WorkerOptions options = WorkerRules.Read(configuration);
        CoreDumps.Forbid();
        using var telemetry = Telemetry.ForWorker(options.Listen is not null);
        ITemporalClient client = await ConnectionOptions.ConnectAsync(call).ConfigureAwait(false);
        await Deployments.ThrowIfMissingAsync(client, options, call.Cancel).ConfigureAwait(false);
        using IHost host = WorkerHost.Create(client, configuration, new WorkerHostOptions { Debug = call.Terminal.Debug, Looks = telemetry.HasMetrics });
        await host.StartAsync(call.Cancel).ConfigureAwait(false);
        await using OperationsEndpoint? endpoint = telemetry.Prometheus is { } metrics
            ? await OperationsEndpoint.StartAsync(options.Listen!, client, metrics, l => Logging.Configure(l, call.Terminal.Debug, LogLevel.Warning, options.LogFormat == "json"), call.Cancel).ConfigureAwait(false)
            : null;
        Tell(call, endpoint?.Address);
        // Does nothing where no service manager waits.
        var manager = new SystemdNotifier();
        manager.Notify(ServiceState.Ready);
        bool told = await EndAsync(host, call.Cancel).ConfigureAwait(false);
        manager.Notify(ServiceState.Stopping);
        if (told && !call.Terminal.Json)
            call.Terminal.Warn($"Stopping; activities have {options.Grace.TotalSeconds:0.#} s to finish or hand over. Ctrl-C again ends it and every kops at once.");
        await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        return told ? ExitCode.Done : throw CommandFailure.Failed("The worker has stopped by itself; its log says why. Rotations go on where they are as soon as one runs again.");
    }

    private static void Tell(Invocation call, string? listens)
    {
        if (call.Terminal.Json)
            call.Terminal.WriteJson(new WorkerDocument(Workflows.TaskQueues.Rotation, Environment.ProcessId, listens));
        else
            call.Terminal.Say($"Worker on task queue '{Workflows.TaskQueues.Rotation}'{(listens is null ? "" : $", health and metrics at {listens}")}. Ctrl-C ends it.");
    }

    // True when it was told to stop; false when it stopped by itself, as it does when Temporal refuses it for good.
    private static async Task<bool> EndAsync(IHost host, CancellationToken told)
    {
        CancellationToken stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(told, stopping);
        await Until.CancelledAsync(either.Token).ConfigureAwait(false);
        return told.IsCancellationRequested;
    }

    private sealed record WorkerDocument(string TaskQueue, int ProcessId, string? Listens);
}
