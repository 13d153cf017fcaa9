using System.Text.Json;
using Rotation.Tests.Support;
using Rotation.Worker.Connection;
using Rotation.Worker.Labs;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Temporalio.Client;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>A server on a file, a lab and a worker, each a process of its own, any of which can be killed and started again.</summary>
internal sealed class Stage : IAsyncDisposable
{
    /// <summary>Id of the one rotation.</summary>
    public const string Rotation = "rotation-under-test";

    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(5);
    private readonly ProcessPen _pen = new();
    private readonly int _port = FreePort.Next();
    private RotationProcess? _worker;
    private RotationProcess? _server;

    private Stage()
    {
    }

    public ProcessPen Pen => _pen;

    /// <summary>What the lab says of itself.</summary>
    public LabCard Card { get; private set; } = new();

    public LabFolder Folder { get; private set; } = new("");

    /// <summary>Where the server listens, now and after each of its deaths.</summary>
    public string Address => $"127.0.0.1:{_port}";

    public StateStoreView Store => new(Path.Combine(Folder.StateStore, Card.Cluster, "pki", "private"));

    public static Task<Stage> OpenAsync(params string[] labOptions) => OpenAsync([], labOptions);

    /// <summary>The same with more in the environment of every process.</summary>
    public static async Task<Stage> OpenAsync(IReadOnlyCollection<KeyValuePair<string, string?>> environment, params string[] labOptions)
    {
        var stage = new Stage();
        foreach ((string name, string? value) in environment)
            stage._pen.Environment[name] = value;
        stage._pen.Environment["TEMPORAL_ADDRESS"] = stage.Address;
        // A killed worker's kops may live this long, so a new attempt waits for it; the default is made for real clusters.
        stage._pen.Environment["Rotation__Deadlines__KopsChange"] = "00:00:04";
        stage._pen.Environment["Rotation__Deadlines__KopsUpdate"] = "00:00:06";
        stage._pen.Environment["Rotation__Deadlines__KopsGrace"] = "00:00:01";
        // Many processes on few cores: threads that spin for work take it from those that have some, and none lives long enough to be compiled by what it did.
        stage._pen.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "0";
        stage._pen.Environment["DOTNET_TieredPGO"] = "0";
        foreach ((string name, string value) in LabSettings.AwsCredentials)
            stage._pen.Environment[name] = value;
        Task server = stage.StartServerAsync();
        await stage.StartLabAsync(labOptions);
        await server;
        await stage.StartWorkerAsync();
        return stage;
    }

    /// <summary>Starts the server on the same port and file as before.</summary>
    public async Task StartServerAsync()
    {
        _server = _pen.Start("server", "server", "--port", $"{_port}", "--db", _pen.PathOf("server.db"), "--json");
        await _server.SaysAsync("\"address\"");
    }

    public async Task StartWorkerAsync()
    {
        _worker = _pen.Start("worker", "worker", "--config", Folder.WorkerConfig, "--json");
        await _worker.SaysAsync("\"taskQueue\"");
    }

    public Task KillServerAsync() => _server!.KillAsync();

    public Task KillWorkerAsync() => _worker!.KillAsync();

    /// <summary>Starts the rotation and does not wait.</summary>
    public async Task StartRotationAsync(params string[] options)
    {
        Finished start = await _pen.RunAsync(["start", "keypairs", "--cluster", Card.Cluster, "--id", Rotation, "--no-wait", .. options]);
        if (start.ExitCode != 0)
            throw new InvalidOperationException($"The rotation was not started: {start.Errors}");
    }

    /// <summary>Waits for a gate and opens it as somebody who did not start the rotation.</summary>
    public async Task ApproveAsync(string gate)
    {
        await StatusAsync(s => s.Gate == gate);
        Finished approve = await _pen.RunAsync("approve", Rotation, "--as", "bob", "--gate", gate, "--comment", "seen", "--yes");
        if (approve.ExitCode != 0 || approve.Output.Contains($"Waits at gate {gate} ", StringComparison.Ordinal))
            throw new InvalidOperationException($"Gate {gate} was not opened: {approve.Output}{approve.Errors}");
    }

    /// <summary>The status once it is as wanted.</summary>
    public async Task<RotationStatus> StatusAsync(Func<RotationStatus, bool> wanted)
    {
        ITemporalClient client = await TemporalConnector.OpenAsync(new TemporalAddress(Address, "default"), RotationDataConverter.Plain, CancellationToken.None);
        return await client.StatusAsync(wanted);
    }

    /// <summary>The status once the rotation has ended, or holds.</summary>
    public Task<RotationStatus> EndAsync() => StatusAsync(RotationWaits.IsOver);

    /// <summary>The keysets as soon as they are as wanted.</summary>
    public async Task<IReadOnlyDictionary<string, StoredKeyset>> StoreAsync(Func<IReadOnlyDictionary<string, StoredKeyset>, bool> wanted)
    {
        (string Stamp, IReadOnlyDictionary<string, StoredKeyset> Keysets) seen = ("", Store.Read());
        await Eventually.GetAsync(
            () =>
            {
                string stamp = Store.Stamp();
                if (stamp != seen.Stamp)
                    seen = (stamp, Store.Read());
                return Task.FromResult(seen.Keysets);
            },
            wanted,
            RotationWaits.Limit,
            Moment);
        return seen.Keysets;
    }

    /// <summary>Asks every process to end, and waits until all have: then all that they had to write is written.</summary>
    public Task EndProcessesAsync() => _pen.EndAllAsync();

    public ValueTask DisposeAsync() => _pen.DisposeAsync();

    private async Task StartLabAsync(string[] options)
    {
        Folder = new LabFolder(_pen.PathOf("lab"));
        RotationProcess lab = _pen.Start("lab", ["lab", "up", "--dir", Folder.Root, "--json", .. options]);
        await lab.SaysAsync("\"workerConfig\"", TimeSpan.FromSeconds(60));
        Card = await LabCard.ReadAsync(Folder, CancellationToken.None);
        _ = JsonDocument.Parse(lab.Output);
    }
}
