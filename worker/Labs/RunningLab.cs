using Rotation.Lab;

namespace Rotation.Worker.Labs;

/// <summary>A lab with its folder: state store, kops, admin kubeconfig. Running until disposed; the folder stays.</summary>
internal sealed class RunningLab : IAsyncDisposable
{
    private RunningLab(LabFolder folder, LabCluster cluster, LabCard card) => (Folder, Cluster, Card) = (folder, cluster, card);

    public LabFolder Folder { get; }

    public LabCluster Cluster { get; }

    public LabCard Card { get; }

    /// <summary>Starts a lab; what the folder already holds is used as it is.</summary>
    public static async Task<RunningLab> StartAsync(LabFolder folder, LabPlan plan, CancellationToken cancel)
    {
        folder.Create();
        var options = new LabOptions { ClusterName = plan.Cluster, StateStoreDirectory = folder.StateStore, ControlPlaneNodes = plan.ControlPlane, WorkerNodes = plan.Nodes, WorkerGroups = plan.Groups, Speed = plan.Speed, TokenLife = plan.TokenLife };
        await LabStore.PrepareAsync(folder, options, plan.StateStore, cancel).ConfigureAwait(false);
        KopsScript.Write(folder);
        LabCluster cluster = await LabCluster.StartAsync(options, cancel).ConfigureAwait(false);
        LabCard card = LabCard.Of(folder, cluster, plan.Cluster);
        await LabSettings.WriteAsync(folder, card, cancel).ConfigureAwait(false);
        return new RunningLab(folder, cluster, card);
    }

    public ValueTask DisposeAsync() => Cluster.DisposeAsync();
}
