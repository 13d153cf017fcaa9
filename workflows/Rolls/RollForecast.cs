using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Rolls;

/// <summary>Rolls a cluster in virtual time with <see cref="RollScheduler"/>, each node taking as long as it is said to. Pure.</summary>
public static class RollForecast
{
    /// <summary>How long the whole takes when nothing goes wrong.</summary>
    /// <param name="scheduler">A fresh scheduler.</param>
    /// <param name="boot">From the start of a node's replacement until it is proven good.</param>
    /// <param name="drain">From a node's cordon until its instance has ended.</param>
    public static TimeSpan Of(RollScheduler scheduler, Func<NodeEntry, TimeSpan> boot, Func<NodeEntry, TimeSpan> drain)
    {
        var ends = new PriorityQueue<(NodeEntry Node, NodeStage Next), (TimeSpan At, int Order)>();
        TimeSpan now = TimeSpan.Zero;
        int order = 0;
        while (true)
        {
            foreach (RollMove move in scheduler.Next())
            {
                (TimeSpan takes, NodeStage next) = move.Kind switch
                {
                    RollMoveKind.Surge => (boot(move.Node), NodeStage.Replaced),
                    RollMoveKind.Leave => (drain(move.Node), NodeStage.Done),
                    _ => (drain(move.Node) + boot(move.Node), NodeStage.Done),
                };
                ends.Enqueue((move.Node, next), (now + takes, order++));
            }

            if (!ends.TryDequeue(out (NodeEntry Node, NodeStage Next) end, out (TimeSpan At, int) when))
                return now;
            now = when.At;
            scheduler.Report(end.Node, end.Next);
        }
    }

    /// <summary>
    /// What no order of the same nodes can be faster than: the nodes that go one by one after each other, and then the workers' work divided by the budget, or
    /// the longest of them, or the narrowest group by its own limits.
    /// </summary>
    /// <param name="groups">The groups.</param>
    /// <param name="budget">Worker nodes that may be begun at once.</param>
    /// <param name="boot">As in <see cref="Of"/>.</param>
    /// <param name="drain">As in <see cref="Of"/>.</param>
    public static TimeSpan LowerBound(IReadOnlyList<RollGroup> groups, int budget, Func<NodeEntry, TimeSpan> boot, Func<NodeEntry, TimeSpan> drain)
    {
        TimeSpan Takes(NodeEntry n) => boot(n) + drain(n);
        NodeEntry[] serial = [.. groups.Where(g => g.Role != InstanceGroupRole.Node).SelectMany(g => g.Nodes)];
        RollGroup[] workers = [.. groups.Where(g => g.Role == InstanceGroupRole.Node && g.Nodes.Count > 0)];
        TimeSpan longest = workers.SelectMany(g => g.Nodes).Select(Takes).DefaultIfEmpty().Max();
        TimeSpan shared = Sum(workers.SelectMany(g => g.Nodes), Takes) / Math.Max(1, budget);
        TimeSpan narrowest = workers.Select(g => Narrowest(g, boot, drain)).DefaultIfEmpty().Max();
        return Sum(serial, Takes) + new[] { longest, shared, narrowest }.Max();
    }

    // Every node takes one of the group's places for its boot; a node that goes first holds it while it is drained too, one that is surged for does not.
    private static TimeSpan Narrowest(RollGroup group, Func<NodeEntry, TimeSpan> boot, Func<NodeEntry, TimeSpan> drain)
    {
        TimeSpan boots = Sum(group.Nodes, boot), drains = Sum(group.Nodes, drain);
        TimeSpan byPlaces = (boots + drains) / group.Policy.AtOnce;
        TimeSpan byBoots = boots / (group.Policy.Surge + group.Policy.Unavailable);
        return byPlaces > byBoots ? byPlaces : byBoots;
    }

    private static TimeSpan Sum(IEnumerable<NodeEntry> nodes, Func<NodeEntry, TimeSpan> of) => nodes.Aggregate(TimeSpan.Zero, (sum, n) => sum + of(n));
}
