namespace Rotation.Lab.Invariants;

/// <summary>Which nodes take pods, by the event log, against how many there were when the roll began.</summary>
internal sealed class NodeCount
{
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Group, string Zone), int> _zones = [];
    private readonly Dictionary<string, int> _serving = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Group, string Zone), int> _servingInZone = [];

    public IEnumerable<string> Groups => _groups.Keys;

    /// <summary>Takes an event from before the roll: what serves then is what the group must keep.</summary>
    public void Begin(LabEvent each)
    {
        Take(each);
        if (each.Group is null)
            return;
        _groups[each.Group] = _serving.GetValueOrDefault(each.Group);
        if (each.Zone is not null)
            _zones[(each.Group, each.Zone)] = _servingInZone.GetValueOrDefault((each.Group, each.Zone));
    }

    /// <summary>Takes an event; true when a node that served serves no more.</summary>
    public bool Take(LabEvent each)
    {
        if (each.Instance is null || each.Group is null)
            return false;
        var node = _nodes.GetValueOrDefault(each.Instance) ?? new Node(each.Group, each.Zone ?? "");
        var next = each.Kind switch
        {
            LabEvents.NodeReady => node with { Ready = true },
            LabEvents.NodeNotReady or LabEvents.NodeDeleted => node with { Ready = false },
            LabEvents.NodeCordoned => node with { Cordoned = true },
            LabEvents.NodeUncordoned => node with { Cordoned = false },
            LabEvents.InstanceTerminating or LabEvents.InstanceTerminated => node with { Ending = true },
            _ => node,
        };
        _nodes[each.Instance] = next;
        Add(next, (next.Serves ? 1 : 0) - (node.Serves ? 1 : 0));
        return node.Serves && !next.Serves;
    }

    public int Away(string group) => Math.Max(0, _groups.GetValueOrDefault(group) - _serving.GetValueOrDefault(group));

    public int Away(string group, string zone) => Math.Max(0, _zones.GetValueOrDefault((group, zone)) - _servingInZone.GetValueOrDefault((group, zone)));

    private void Add(Node node, int change)
    {
        _serving[node.Group] = _serving.GetValueOrDefault(node.Group) + change;
        _servingInZone[(node.Group, node.Zone)] = _servingInZone.GetValueOrDefault((node.Group, node.Zone)) + change;
    }

    private sealed record Node(string Group, string Zone, bool Ready = false, bool Cordoned = false, bool Ending = false)
    {
        public bool Serves => Ready && !Cordoned && !Ending;
    }
}
