using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rotation.DevServer;
using Rotation.Tests.Support;
using Rotation.Worker.Commands;
using Rotation.Worker.Connection;
using Rotation.Worker.Hosting;
using Rotation.Worker.Labs;
using Rotation.Worker.Rotations;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Temporalio.Client;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>Server, lab and worker as the demo puts them together, in the process of the tests: for rotations in which nobody is killed. .NET compiles them once for all.</summary>
internal sealed class WarmStage : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);
    private readonly TempFolder _files = new();
    private EmbeddedServer? _server;
    private RunningLab? _lab;
    private IHost? _worker;
    private ITemporalClient? _client;

    private WarmStage()
    {
    }

    public LabFolder Folder { get; private set; } = new("");

    public StateStoreView Store => new(Path.Combine(Folder.StateStore, _lab!.Card.Cluster, "pki", "private"));

    /// <summary>Where the server listens.</summary>
    public string Address => _server!.Address;

    public static async Task<WarmStage> OpenAsync(LabPlan plan)
    {
        foreach ((string name, string value) in LabSettings.AwsCredentials)
            Environment.SetEnvironmentVariable(name, value);
        var stage = new WarmStage();
        stage.Folder = new LabFolder(stage._files.Combine("lab"));
        stage._lab = await RunningLab.StartAsync(stage.Folder, plan, CancellationToken.None);
        stage._server = await EmbeddedServer.StartAsync(new DevServerOptions(), CancellationToken.None);
        stage._client = await TemporalConnector.OpenAsync(new TemporalAddress(stage.Address, "default"), RotationDataConverter.Plain, CancellationToken.None);
        await SetupCommand.RegisterAsync(stage._client, CancellationToken.None);
        stage._worker = WorkerHost.Create(stage._client, Settings.Load(own: LabSettings.For(stage.Folder, stage._lab.Card)), new WorkerHostOptions { LogLevel = LogLevel.Error, Grace = TimeSpan.FromSeconds(2) });
        await stage._worker.StartAsync();
        return stage;
    }

    /// <summary>Starts the rotation, as alice, and does not wait.</summary>
    public async Task StartRotationAsync(RotateKeypairsRequest request) =>
        await _client!.StartWorkflowAsync(RotationIds.KeypairsType, [request with { Cluster = _lab!.Card.Cluster, RequestedBy = "alice" }], new WorkflowOptions(Stage.Rotation, TaskQueues.Rotation));

    /// <summary>Waits for a gate and opens it as bob.</summary>
    public async Task ApproveAsync(string gate)
    {
        await StatusAsync(s => s.Gate == gate);
        await _client!.GetWorkflowHandle(Stage.Rotation).ExecuteUpdateAsync<RotationStatus>("approve", [new Approval { Gate = gate, Approver = "bob" }]);
    }

    /// <summary>The status once it is as wanted.</summary>
    public async Task<RotationStatus> StatusAsync(Func<RotationStatus, bool> wanted) =>
        (await Eventually.GetAsync(() => new RotationReader(_client!).StatusOrNullAsync(Stage.Rotation, CancellationToken.None), s => s is not null && wanted(s), Limit))!;

    /// <summary>The status once the rotation has ended, or holds.</summary>
    public Task<RotationStatus> EndAsync() => StatusAsync(s => s.State is RotationState.Completed or RotationState.RolledBack or RotationState.Failed or RotationState.Paused);

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null)
            await _worker.StopAsync(CancellationToken.None);
        _worker?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        if (_lab is not null)
            await _lab.DisposeAsync();
        _files.Dispose();
    }
}
