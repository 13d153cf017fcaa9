using System.Security.Cryptography;
using Rotation.Lab.Kubernetes;

namespace Rotation.Lab.Cluster;

/// <summary>Puts a lab's status together.</summary>
internal static class StatusReader
{
    public static LabStatus Read(LabWorld world)
    {
        // Never older than the state store: "needs update" is asked right after an update.
        world.Fleet.ReadTemplates();
        var nodes = world.Fleet.Instances.Where(i => i.State != InstanceState.Terminated)
            .OrderBy(i => i.Group.Name, StringComparer.Ordinal).ThenBy(i => i.Id, StringComparer.Ordinal).Select(i => Describe(world, i)).ToList();
        var complete = world.Fleet.Groups.All(g => nodes.Count(n => n.Group == g.Name && !n.Detached && n.State == "running") >= g.Desired);
        return new LabStatus
        {
            ClusterName = world.Options.ClusterName,
            ApiAddress = $"127.0.0.1:{world.Balancer.Port}",
            Speed = world.Options.Speed,
            Ready = complete && nodes.All(n => n.Ready || n.Role == "bastion"),
            Nodes = nodes,
            Faults = world.Faults.Active,
            Events = world.Log.Since(0).Count,
            Broken = world.Broken,
        };
    }

    public static string Name(InstanceState state) => state switch
    {
        InstanceState.Pending => "pending",
        InstanceState.Running => "running",
        InstanceState.ShuttingDown => "shutting-down",
        _ => "terminated",
    };

    private static LabNodeStatus Describe(LabWorld world, Instance instance) => new()
    {
        Id = instance.Id,
        Group = instance.Group.Name,
        Role = instance.Group.Role switch { GroupRole.ControlPlane => "control-plane", GroupRole.Bastion => "bastion", _ => "node" },
        Zone = instance.Zone,
        State = Name(instance.State),
        Ready = world.Store.Get("nodes", "", instance.Id) is { } node && KubeObjects.IsNodeReady(node),
        NeedsUpdate = instance.TemplateVersion < instance.Group.TemplateVersion,
        Detached = instance.Detached,
        ApiPort = (instance.Node as ControlPlaneNode)?.ApiPort,
        Primary = instance.Node?.Material.KeypairIds.GetValueOrDefault(NodeMaterial.KubernetesCa),
        Trusts = [.. (instance.Node?.Material.Ca.Certificates ?? []).Select(c => Convert.ToHexStringLower(SHA256.HashData(c.RawData))).Order(StringComparer.Ordinal)],
    };
}
