namespace Rotation.Workflows.Rolls;

/// <summary>
/// Decides which nodes of one instance group may go now. Pure and deterministic: the same calls in the same order give the same moves. Never more away than
/// <see cref="GroupPolicy.Unavailable"/>, never more started ahead than <see cref="GroupPolicy.Surge"/>, never more begun than <see cref="Grant"/>, spread over the zones;
/// the first node alone, until its replacement is proven.
/// </summary>
public sealed class GroupScheduler
{
    private readonly GroupPolicy _policy;
    private readonly List<NodeEntry> _nodes;
    private readonly Dictionary<string, int> _zones;

    /// <summary>Takes the nodes in the order in which they shall go; those with a stage go on from there.</summary>
    public GroupScheduler(GroupPolicy policy, IEnumerable<NodeEntry> nodes, bool canaryDone = false)
    {
        _policy = policy;
        _nodes = [.. nodes];
        _zones = _nodes.GroupBy(n => n.Zone, StringComparer.Ordinal).ToDictionary(z => z.Key, z => z.Count(), StringComparer.Ordinal);
        CanaryDone = canaryDone;
    }

    /// <summary>The nodes.</summary>
    public IReadOnlyList<NodeEntry> Nodes => _nodes;

    /// <summary>Nodes that may be begun at once by the cluster's budget.</summary>
    public int Grant { get; set; } = int.MaxValue;

    /// <summary>True when a replacement in the group was proven good.</summary>
    public bool CanaryDone { get; private set; }

    /// <summary>Nodes that hold a place.</summary>
    public int Begun => _nodes.Count(n => n.HoldsPlace);

    /// <summary>Nodes that wait for their turn.</summary>
    public int Waiting => _nodes.Count(n => n.Stage == NodeStage.Waiting);

    /// <summary>Places that the group can use from now on. It grows only when parked nodes are tried again.</summary>
    public int Need => Math.Min(Math.Max(_policy.AtOnce, Begun), Begun + Waiting);

    /// <summary>The next move, noted as begun; null when nothing may be done now.</summary>
    /// <param name="mayDrain">False for a node that must not be drained now, such as one with a replica of a StatefulSet that has another away. Default: every one may.</param>
    public RollMove? Next(Func<NodeEntry, bool>? mayDrain = null) => NextLeave(mayDrain) ?? NextBegin(mayDrain);

    /// <summary>Notes where a node is now.</summary>
    public void Report(NodeEntry node, NodeStage stage)
    {
        node.Stage = stage;
        CanaryDone |= stage is NodeStage.Replaced or NodeStage.Done;
    }

    /// <summary>As <see cref="Next"/>, but begins nothing: only nodes whose replacement serves may go.</summary>
    public RollMove? NextLeave(Func<NodeEntry, bool>? mayDrain = null)
    {
        if (Count(NodeStage.Leaving) >= Math.Max(1, _policy.Surge))
            return null;
        NodeEntry? node = _nodes.Find(n => n.Stage == NodeStage.Replaced && mayDrain?.Invoke(n) != false);
        return node is null ? null : Begin(node, NodeStage.Leaving, RollMoveKind.Leave);
    }

    private RollMove? NextBegin(Func<NodeEntry, bool>? mayDrain)
    {
        int limit = Math.Min(Grant, _policy.AtOnce);
        if (Begun >= (CanaryDone ? limit : Math.Min(1, limit)))
            return null;

        // What an earlier roll detached is half done: its extra instance is there already.
        int ahead = Count(NodeStage.Ahead) + Count(NodeStage.Replaced) + _nodes.Count(n => n is { Stage: NodeStage.Failed, Detached: true });
        if (ahead < Math.Max(1, _policy.Surge) && Pick(limit, n => n.Detached) is { } half)
            return Begin(half, NodeStage.Ahead, RollMoveKind.Surge);
        if (ahead < _policy.Surge && Pick(limit, _ => true) is { } next)
            return Begin(next, NodeStage.Ahead, RollMoveKind.Surge);
        int away = Count(NodeStage.Away) + _nodes.Count(n => n is { Stage: NodeStage.Failed, Detached: false });
        return away < _policy.Unavailable && Pick(limit, n => !n.Detached && mayDrain?.Invoke(n) != false) is { } node ? Begin(node, NodeStage.Away, RollMoveKind.Replace) : null;
    }

    // The zone with the most left to do, so that all zones end together and none is left over to its own share; within it, and among equal zones, the order of the plan.
    private NodeEntry? Pick(int limit, Func<NodeEntry, bool> wanted)
    {
        Dictionary<string, int> begun = CountByZone(n => n.HoldsPlace);
        Dictionary<string, int> left = CountByZone(n => n.Stage == NodeStage.Waiting);
        NodeEntry? best = null;
        int most = 0;
        foreach (NodeEntry node in _nodes)
            if (node.Stage == NodeStage.Waiting && left[node.Zone] > most && begun.GetValueOrDefault(node.Zone) < ShareOf(node.Zone, limit) && wanted(node))
                (best, most) = (node, left[node.Zone]);
        return best;
    }

    private Dictionary<string, int> CountByZone(Func<NodeEntry, bool> which) =>
        _nodes.Where(which).GroupBy(n => n.Zone, StringComparer.Ordinal).ToDictionary(z => z.Key, z => z.Count(), StringComparer.Ordinal);

    /// <summary>Nodes of one zone that may be begun at once: the zone's part of what the group may, at least one.</summary>
    private int ShareOf(string zone, int limit) => (int)Math.Max(1, (((long)limit * _zones[zone]) + _nodes.Count - 1) / _nodes.Count);

    private static RollMove Begin(NodeEntry node, NodeStage stage, RollMoveKind kind)
    {
        node.Stage = stage;
        node.Detached |= kind == RollMoveKind.Surge;
        return new(node, kind);
    }

    private int Count(NodeStage stage) => _nodes.Count(n => n.Stage == stage);
}
