using Rotation.Tests.Support;
using Rotation.Worker.Labs;
using Rotation.Worker.Rotations;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Client;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>Server, lab and worker as the demo has them, in the process of the tests: for rotations in which nobody is killed. .NET compiles them once for all.</summary>
internal sealed class WarmStage : IAsyncDisposable
{
    private readonly TempFolder _files;
    private readonly LabStage _stage;

    private WarmStage(TempFolder files, LabFolder folder, LabStage stage) => (_files, Folder, _stage) = (files, folder, stage);

    public LabFolder Folder { get; }

    public StateStoreView Store => new(Path.Combine(Folder.StateStore, _stage.Lab.Card.Cluster, "pki", "private"));

    /// <summary>Where the server listens.</summary>
    public string Address => _stage.Address;

    public static async Task<WarmStage> OpenAsync(LabPlan plan)
    {
        var files = new TempFolder();
        var folder = new LabFolder(files.Combine("lab"));
        return new WarmStage(files, folder, await LabStage.StartAsync(folder, plan, debug: false, CancellationToken.None));
    }

    /// <summary>Starts the rotation, as alice, and does not wait.</summary>
    public async Task StartRotationAsync(RotateKeypairsRequest request) => await _stage.Client.StartWorkflowAsync(
        RotationIds.KeypairsType, [request with { Cluster = _stage.Lab.Card.Cluster, RequestedBy = "alice" }], new WorkflowOptions(Stage.Rotation, TaskQueues.Rotation));

    /// <summary>Waits for a gate and opens it as bob.</summary>
    public async Task ApproveAsync(string gate)
    {
        await StatusAsync(s => s.Gate == gate);
        await _stage.Client.GetWorkflowHandle(Stage.Rotation).ExecuteUpdateAsync<RotationStatus>("approve", [new Approval { Gate = gate, Approver = "bob" }]);
    }

    /// <summary>The status once it is as wanted.</summary>
    public Task<RotationStatus> StatusAsync(Func<RotationStatus, bool> wanted) => _stage.Client.StatusAsync(wanted);

    /// <summary>The status once the rotation has ended, or holds.</summary>
    public Task<RotationStatus> EndAsync() => StatusAsync(RotationWaits.IsOver);

    public async ValueTask DisposeAsync()
    {
        await _stage.DisposeAsync();
        _files.Dispose();
    }
}
