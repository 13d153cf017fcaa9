namespace Rotation.Lab.Cluster;

/// <summary>
/// Bootstrapping by kops-controller: one runs on each control-plane node, serves a certificate of that node's primary and signs with it. It refuses a node
/// that was configured with another primary: this is what keeps groups from scaling up between promoting and the end of the control plane's roll.
/// </summary>
internal static class KopsController
{
    /// <summary>The keypair that signs for a worker, or null and why every controller was refused or refuses.</summary>
    public static Authority? Issuer(LabWorld world, NodeMaterial worker, out string why)
    {
        why = "no kops-controller answers";
        var wanted = worker.KeypairIds.GetValueOrDefault(NodeMaterial.KubernetesCa);
        foreach (var node in Servers(world).Where(n => n.Serves))
        {
            var primary = node.Material.Authorities[NodeMaterial.KubernetesCa];
            if (!worker.Ca.Contains(primary.Thumbprint))
                why = $"x509: kops-controller serves a certificate issued by {primary.Id}, unknown to the node";
            else if (wanted is not null && wanted != primary.Id)
                why = $"kops-controller signs with {primary.Id}, the node was configured for {wanted}";
            else
                return primary;
        }

        return null;
    }

    public static IEnumerable<ControlPlaneNode> Servers(LabWorld world) =>
        world.Fleet.Instances.Where(i => i.State == InstanceState.Running).Select(i => i.Node).OfType<ControlPlaneNode>();
}
