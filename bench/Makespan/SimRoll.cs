using Rotation.Lab.Invariants;
using Rotation.Lab.Simulation;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Rolls;

namespace Rotation.Bench.Makespan;

/// <summary>One simulated cluster with the options of a roll: how the product's scheduler and the invariant checker see it.</summary>
/// <param name="Spec">The cluster.</param>
/// <param name="Options">The roll's options.</param>
public sealed record SimRoll(SimSpec Spec, RollOptions Options)
{
    /// <summary>Workers that may be begun at once.</summary>
    public int Budget => RollRules.AtLeastOne(Options.ClusterBudget, Spec.Groups.Sum(g => g.Size));

    /// <summary>The cluster, whole and in a time of its own.</summary>
    public SimCluster Open() => new(Spec, new VirtualTime());

    /// <summary>The groups in kOps' order, nodes by zone and id, as the plan of a roll has them.</summary>
    /// <param name="cluster">The cluster, not yet rolled.</param>
    public IReadOnlyList<RollGroup> Groups(SimCluster cluster) =>
    [
        .. cluster.ControlPlaneGroups.Select(g => Group(cluster, g, InstanceGroupRole.ControlPlane)),
        .. Spec.Groups.Select(g => g.Name).Order(StringComparer.Ordinal).Select(g => Group(cluster, g, InstanceGroupRole.Node)),
    ];

    /// <summary>A scheduler over the cluster's nodes.</summary>
    public RollScheduler Scheduler(SimCluster cluster) => new(Groups(cluster), Budget, Options.ParallelGroups);

    /// <summary>What may be away at most: nodes of a group by its <c>maxUnavailable</c>, of a zone by its share, of all workers by the budget, one of the control plane.</summary>
    public RollLimits Limits()
    {
        SimCluster cluster = Open();
        RollGroup[] workers = [.. Groups(cluster).Where(g => g.Role == InstanceGroupRole.Node)];
        return new RollLimits
        {
            ByGroup = workers.ToDictionary(g => g.Name, g => g.Policy.Unavailable),
            ControlPlaneGroups = cluster.ControlPlaneGroups,
            Budget = Budget,
            ByGroupAndZone = workers.Max(ShareOfZone),
        };
    }

    /// <summary>What no order can be faster than under the budget and the groups' limits, with the same boots and drains and nothing lost between.</summary>
    public TimeSpan LowerBound()
    {
        SimCluster cluster = Open();
        HashSet<string> masters = [.. cluster.Nodes.Where(cluster.IsControlPlane).Select(n => n.Id)];
        return RollForecast.LowerBound(
            Groups(cluster), Budget,
            n => Spec.BootOf(n.Id) + (masters.Contains(n.Id) ? Spec.Shutdown : TimeSpan.Zero),
            n => masters.Contains(n.Id) || Spec.Workloads.Count == 0 ? TimeSpan.Zero : Spec.DrainOf(n.Id));
    }

    /// <summary>
    /// <see cref="LowerBound"/> for orders that, as kOps' and ours, take the first node of each group alone: until the fastest boot of all is over, no more places than
    /// there are groups can be used.
    /// </summary>
    public TimeSpan CanaryBound()
    {
        SimCluster cluster = Open();
        TimeSpan first = cluster.Nodes.Where(n => !cluster.IsControlPlane(n)).Min(n => Spec.BootOf(n.Id));
        return LowerBound() + (first * Math.Max(0, Budget - Spec.Groups.Count) / Budget);
    }

    private int ShareOfZone(RollGroup group) =>
        group.Nodes.GroupBy(n => n.Zone).Max(z => ((Math.Min(Budget, group.Policy.AtOnce) * z.Count()) + group.Nodes.Count - 1) / group.Nodes.Count);

    private RollGroup Group(SimCluster cluster, string name, InstanceGroupRole role)
    {
        NodeEntry[] nodes = [.. cluster.Nodes.Where(n => n.Group == name).OrderBy(n => n.Zone, StringComparer.Ordinal).ThenBy(n => n.Id, StringComparer.Ordinal).Select(n => new NodeEntry(n.Id, n.Zone))];
        return new(name, role, RollGroup.PolicyOf(Options, role, nodes.Length), nodes);
    }
}
