using Rotation.Lab;
using Rotation.Lab.Kops;

namespace Rotation.Worker.Labs;

/// <summary>A lab with its folder: state store, kops, admin kubeconfig. Running until disposed; the folder stays.</summary>
internal sealed class RunningLab : IAsyncDisposable
{
    private readonly KopsService? _kops;

    private RunningLab(LabFolder folder, LabCluster cluster, LabCard card, KopsService? kops) => (Folder, Cluster, Card, _kops) = (folder, cluster, card, kops);

    public LabFolder Folder { get; }

    public LabCluster Cluster { get; }

    public LabCard Card { get; }

    /// <summary>Starts a lab; what the folder already holds is used as it is.</summary>
    public static async Task<RunningLab> StartAsync(LabFolder folder, LabPlan plan, CancellationToken cancel)
    {
        folder.Create();
        var options = new LabOptions { ClusterName = plan.Cluster, StateStoreDirectory = folder.StateStore, ControlPlaneNodes = plan.ControlPlane, WorkerNodes = plan.Nodes, WorkerGroups = plan.Groups, Speed = plan.Speed, TokenLife = plan.TokenLife };
        await LabStore.PrepareAsync(folder, options, plan.StateStore, cancel).ConfigureAwait(false);
        LabCluster cluster = await LabCluster.StartAsync(options, cancel).ConfigureAwait(false);
        KopsService? kops = plan.KopsProcesses ? null : KopsService.Start();
        KopsScript.Write(folder, kops);
        LabCard card = LabCard.Of(folder, cluster, plan.Cluster);
        await LabSettings.WriteAsync(folder, card, cancel).ConfigureAwait(false);
        return new RunningLab(folder, cluster, card, kops);
    }

    public async ValueTask DisposeAsync()
    {
        if (_kops is not null)
            await _kops.DisposeAsync().ConfigureAwait(false);
        await Cluster.DisposeAsync().ConfigureAwait(false);
    }
}
