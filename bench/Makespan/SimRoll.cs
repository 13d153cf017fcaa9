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
        IReadOnlyList<RollGroup> groups = Groups(Open());
        RollGroup[] workers = [.. groups.Where(g => g.Role == InstanceGroupRole.Node)];
        return SerialBound(groups.Except(workers)) + RollForecast.LowerBound(workers, Budget, n => Spec.BootOf(n.Id), DrainOf);
    }

    /// <summary>
    /// <see cref="LowerBound"/> for orders that take the first node of each group alone, and the same one as ours does: which node boots fastest nobody knows before. Until its replacement is
    /// there, a group can use one place of the budget, and after that as many as its limits let.
    /// </summary>
    public TimeSpan CanaryBound()
    {
        SimCluster cluster = Open();
        ILookup<bool, RollGroup> groups = Groups(cluster).ToLookup(g => g.Role == InstanceGroupRole.Node);
        (TimeSpan Proven, int Most)[] canaries = [.. groups[true].Select(g => (Spec.BootOf(Canary(g).Id), Math.Min(g.Nodes.Count, g.Policy.AtOnce))).Order()];
        TimeSpan left = groups[true].SelectMany(g => g.Nodes).Aggregate(TimeSpan.Zero, (sum, n) => sum + Spec.BootOf(n.Id) + DrainOf(n));
        TimeSpan now = TimeSpan.Zero;
        for (int proven = 0; ; proven++)
        {
            int places = Math.Min(Budget, canaries.Take(proven).Sum(c => c.Most) + canaries.Length - proven);
            if (proven == canaries.Length || now + (left / places) <= canaries[proven].Proven)
                return new[] { LowerBound(), SerialBound(groups[false]) + now + (left / places) }.Max();
            left -= (canaries[proven].Proven - now) * places;
            now = canaries[proven].Proven;
        }
    }

    // Pods of the control plane are static: nothing is drained, but a machine lets go of its volumes before the next one can use them.
    private TimeSpan SerialBound(IEnumerable<RollGroup> groups) => RollForecast.LowerBound([.. groups], Budget, n => Spec.BootOf(n.Id) + Spec.Shutdown, _ => TimeSpan.Zero);

    // Pods are spread evenly: with fewer of them than nodes some nodes have none.
    private TimeSpan DrainOf(NodeEntry node) => Spec.Workloads.Sum(w => w.Replicas) < Spec.Groups.Sum(g => g.Size) ? TimeSpan.Zero : Spec.DrainOf(node.Id);

    private static NodeEntry Canary(RollGroup group) => new GroupScheduler(group.Policy, group.Nodes).Next()!.Node;

    private int ShareOfZone(RollGroup group) =>
        group.Nodes.GroupBy(n => n.Zone).Max(z => ((Math.Min(Budget, group.Policy.AtOnce) * z.Count()) + group.Nodes.Count - 1) / group.Nodes.Count);

    private RollGroup Group(SimCluster cluster, string name, InstanceGroupRole role)
    {
        NodeEntry[] nodes = [.. cluster.Nodes.Where(n => n.Group == name).OrderBy(n => n.Zone, StringComparer.Ordinal).ThenBy(n => n.Id, StringComparer.Ordinal).Select(n => new NodeEntry(n.Id, n.Zone))];
        return new(name, role, RollGroup.PolicyOf(Options, role, nodes.Length), nodes);
    }
}
