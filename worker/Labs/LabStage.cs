using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotation.DevServer;
using Rotation.Worker.Commands;
using Rotation.Worker.Connection;
using Rotation.Worker.Hosting;
using Rotation.Workflows.Serialization;
using Temporalio.Client;

namespace Rotation.Worker.Labs;

/// <summary>Server, lab and worker in one process, the server in memory. Running until disposed; the lab's folder stays.</summary>
internal sealed class LabStage : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private EmbeddedServer? _server;
    private RunningLab? _lab;
    private ITemporalClient? _client;
    private IHost? _worker;

    private LabStage()
    {
    }

    /// <summary>Where the server listens.</summary>
    public string Address => _server!.Address;

    public RunningLab Lab => _lab!;

    /// <summary>A client of the server, with our search attributes registered.</summary>
    public ITemporalClient Client => _client!;

    /// <summary>Starts all three. The lab's AWS credentials go into this process's environment.</summary>
    public static async Task<LabStage> StartAsync(LabFolder folder, LabPlan plan, bool debug, CancellationToken cancel)
    {
        foreach ((string name, string value) in LabSettings.AwsCredentials)
            Environment.SetEnvironmentVariable(name, value);
        var stage = new LabStage();
        try
        {
            Task<EmbeddedServer> starting = EmbeddedServer.StartAsync(new DevServerOptions(), cancel, Logging.ToErrors(debug));
            stage._lab = await RunningLab.StartAsync(folder, plan, cancel).ConfigureAwait(false);
            stage._server = await starting.ConfigureAwait(false);
            stage._client = await TemporalConnector.OpenAsync(new TemporalAddress(stage.Address, "default"), RotationDataConverter.Plain, cancel).ConfigureAwait(false);
            await SetupCommand.RegisterAsync(stage._client, cancel).ConfigureAwait(false);
            stage._worker = WorkerHost.Create(stage._client, Settings.Load(own: LabSettings.For(folder, stage.Lab.Card)), new WorkerHostOptions { Debug = debug, LogLevel = LogLevel.Warning, Grace = Grace });
            await stage._worker.StartAsync(cancel).ConfigureAwait(false);
            return stage;
        }
        catch
        {
            await stage.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
            await _worker.StopAsync(CancellationToken.None).ConfigureAwait(false);
        _worker?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync().ConfigureAwait(false);
        if (_lab is not null)
            await _lab.DisposeAsync().ConfigureAwait(false);
    }
}
