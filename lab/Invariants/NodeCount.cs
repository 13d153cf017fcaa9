namespace Rotation.Lab.Invariants;

/// <summary>Which nodes take pods, by the event log, against how many there were when the roll began.</summary>
internal sealed class NodeCount
{
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _groups = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Group, string Zone), int> _zones = [];

    public IEnumerable<string> Groups => _groups.Keys;

    /// <summary>Takes an event from before the roll: what serves then is what the group must keep.</summary>
    public void Begin(LabEvent each)
    {
        Take(each);
        if (each.Group is null)
            return;
        _groups[each.Group] = Serving(each.Group, null);
        if (each.Zone is not null)
            _zones[(each.Group, each.Zone)] = Serving(each.Group, each.Zone);
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
        return node.Serves && !next.Serves;
    }

    public int Away(string group) => Math.Max(0, _groups.GetValueOrDefault(group) - Serving(group, null));

    public int Away(string group, string zone) => Math.Max(0, _zones.GetValueOrDefault((group, zone)) - Serving(group, zone));

    private int Serving(string group, string? zone) => _nodes.Values.Count(n => n.Serves && n.Group == group && (zone is null || n.Zone == zone));

    private sealed record Node(string Group, string Zone, bool Ready = false, bool Cordoned = false, bool Ending = false)
    {
        public bool Serves => Ready && !Cordoned && !Ending;
    }
}
