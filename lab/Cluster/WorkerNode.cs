using Rotation.Lab.Kubernetes;

namespace Rotation.Lab.Cluster;

/// <summary>
/// A worker: gets its kubelet certificate from a kops-controller, serves its kubelet port, and reports ready as long as some API server and it trust each other.
/// </summary>
internal sealed class WorkerNode : IBootedNode
{
    private static readonly TimeSpan BootstrapRetry = TimeSpan.FromSeconds(5);
    private readonly KubeletListener _kubelet;

    private WorkerNode(NodeMaterial material, Authority issuer, KubeletListener kubelet) => (Material, Issuer, _kubelet) = (material, issuer, kubelet);

    public NodeMaterial Material { get; }

    /// <summary>Who signed its kubelet certificate.</summary>
    public Authority Issuer { get; }

    public KubeletListener Kubelet => _kubelet;

    public static async Task BootAsync(LabWorld world, Instance instance, CancellationToken cancel)
    {
        var material = world.Material.Read(instance.Group.Name, controlPlane: false);
        var refusal = "";
        Authority? issuer;
        while ((issuer = KopsController.Issuer(world, material, out var why)) is null)
        {
            if (why != refusal)
                world.Log.Add(LabEvents.BootstrapRefused, instance, refusal = why);
            await world.Clock.DelayAsync(BootstrapRetry, cancel).ConfigureAwait(false);
        }

        var kubelet = new KubeletListener(Cluster.Kubelet.Issue(issuer, instance.Id), material.Ca);
        var node = new WorkerNode(material, issuer, kubelet);
        instance.Node = node;
        while (!Reaches(world, node))
            await Task.Delay(LabClock.Tick, cancel).ConfigureAwait(false);
        world.Store.Create("nodes", KubeObjects.Node(instance, kubelet.Port, world.KubernetesVersion));
        Cluster.Kubelet.Mirror(world, instance.Id, "kube-proxy");
        world.Log.Add(LabEvents.NodeReady, instance);
    }

    /// <summary>Whether the kubelet can post its status: some serving API server is trusted by it and trusts it.</summary>
    public static bool Reaches(LabWorld world, WorkerNode node) => KopsController.Servers(world).Any(s =>
        s.Serves && node.Material.Ca.Contains(s.Material.Authorities[NodeMaterial.KubernetesCa].Thumbprint) && s.Material.Ca.Contains(node.Issuer.Thumbprint));

    public Task DrainAsync() => Task.CompletedTask;

    public ValueTask DisposeAsync() => _kubelet.DisposeAsync();
}
