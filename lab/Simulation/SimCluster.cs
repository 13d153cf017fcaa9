namespace Rotation.Lab.Simulation;

/// <summary>
/// A cluster in virtual time: instance groups that keep their size, nodes that boot, pods with owners, PodDisruptionBudgets and eviction. It writes the lab's events,
/// so that the lab's invariant checker can judge a roll of it.
/// </summary>
public sealed class SimCluster
{
    private static readonly DateTimeOffset Epoch = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly List<LabEvent> _events = [];
    private readonly List<SimNode> _nodes = [];
    private readonly List<(Func<bool> Condition, TaskCompletionSource Met)> _waits = [];
    private readonly SimPods _pods;

    /// <summary>Makes it, whole and ready.</summary>
    public SimCluster(SimSpec spec, VirtualTime time)
    {
        (Spec, Time) = (spec, time);
        _pods = new SimPods(this);
        ControlPlaneGroups = [.. Enumerable.Range(0, spec.ControlPlane).Select(n => $"control-plane-{(char)('a' + n)}")];
        foreach ((int number, string group) in ControlPlaneGroups.Index())
            Add(new SimNode(InstanceId(group, 0), group, spec.Zones[number % spec.Zones.Count], isOld: true));
        foreach (SimGroup group in spec.Groups)
            for (var n = 0; n < group.Size; n++)
                Add(new SimNode(InstanceId(group.Name, n), group.Name, spec.Zones[n % spec.Zones.Count], isOld: true));
        foreach (SimNode node in _nodes)
            Join(node);
        _pods.StartAll();
        Began = _events.Count;
    }

    /// <summary>How it was made.</summary>
    public SimSpec Spec { get; }

    /// <summary>Its time.</summary>
    public VirtualTime Time { get; }

    /// <summary>Groups of the control plane, one node each.</summary>
    public IReadOnlyList<string> ControlPlaneGroups { get; }

    /// <summary>The event log.</summary>
    public IReadOnlyList<LabEvent> Events => _events;

    /// <summary>Position in the log up to which the cluster was whole.</summary>
    public long Began { get; }

    /// <summary>Instances whose end was not ordered.</summary>
    public IReadOnlyList<SimNode> Nodes => [.. _nodes.Where(n => !n.Terminated)];

    internal IEnumerable<SimNode> Schedulable => _nodes.Where(n => n.Serves && !IsControlPlane(n));

    /// <summary>Whether a node belongs to the control plane.</summary>
    public bool IsControlPlane(SimNode node) => ControlPlaneGroups.Contains(node.Group);

    /// <summary>Whether every instance of a group has joined and is ready; a group launches what it misses at once.</summary>
    public bool Validates(string group) => _nodes.Where(n => n.Group == group && !n.Detached && !n.Terminated).All(n => n.Ready);

    /// <summary>Takes an instance out of its group, which launches another.</summary>
    public void Detach(SimNode node)
    {
        if (node.Detached || node.Terminated)
            return;
        node.Detached = true;
        Log(LabEvents.InstanceDetached, node);
        Launch(node, TimeSpan.Zero);
    }

    /// <summary>Cordons a node.</summary>
    public void Cordon(SimNode node, bool cordoned = true)
    {
        if (node.Cordoned == cordoned)
            return;
        node.Cordoned = cordoned;
        Log(cordoned ? LabEvents.NodeCordoned : LabEvents.NodeUncordoned, node);
        _pods.Place();
    }

    /// <summary>Evicts every pod of a node and ends when they are gone; false when the time was over before.</summary>
    /// <param name="node">The node, cordoned before.</param>
    /// <param name="retry">Time between two attempts at a pod that its budget holds back.</param>
    /// <param name="look">Time between two looks whether a pod is gone.</param>
    /// <param name="limit">Most time.</param>
    /// <param name="guarded">True: no replica of a StatefulSet is evicted while another one is away.</param>
    public Task<bool> EvictAsync(SimNode node, TimeSpan retry, TimeSpan look, TimeSpan limit, bool guarded) => _pods.EvictAsync(node, retry, look, limit, guarded);

    /// <summary>Ends an instance with what still runs on it. Its group launches another unless it was detached.</summary>
    public void Terminate(SimNode node)
    {
        if (node.Terminated)
            return;
        Log(LabEvents.InstanceTerminating, node);
        node.Terminated = true;
        _pods.Drop(node);
        if (!node.Detached)
            Launch(node, IsControlPlane(node) ? Spec.Shutdown : TimeSpan.Zero);
    }

    /// <summary>Ends as soon as a condition of the cluster holds.</summary>
    public Task WhenAsync(Func<bool> condition)
    {
        if (condition())
            return Task.CompletedTask;
        var met = new TaskCompletionSource();
        _waits.Add((condition, met));
        return met.Task;
    }

    internal void Log(string kind, SimNode node) => Write(new LabEvent { Kind = kind, Instance = node.Id, Group = node.Group, Zone = node.Zone });

    internal void Log(string kind, SimPod pod, string detail = "") => Write(new LabEvent
    {
        Kind = kind,
        Pod = $"default/{pod.Name}",
        Owner = pod.Workload.Owner,
        Instance = pod.Node?.Id,
        Group = pod.Node?.Group,
        Zone = pod.Node?.Zone,
        Detail = detail,
    });

    private void Write(LabEvent entry) => _events.Add(entry with { Sequence = _events.Count + 1, At = Epoch + Time.Now });

    // As AWS gives them: in no relation to what runs where.
    private string InstanceId(string group, int number) => $"i-{(long)(SimDraw.Uniform(Spec.Seed, $"id {group} {number}") * (1L << 48)):x12}";

    private void Add(SimNode node) => _nodes.Add(node);

    private void Launch(SimNode replaced, TimeSpan wait)
    {
        // The draw belongs to the node that was there at the start: a replacement of a replacement takes as long.
        string origin = replaced.Id.TrimEnd('\'');
        var node = new SimNode(replaced.Id + "'", replaced.Group, replaced.Zone, isOld: false);
        replaced.Replacement = node;
        Add(node);
        Log(LabEvents.InstanceLaunched, node);
        if (IsControlPlane(node) || Spec.Joins(origin))
            Time.After(wait + Spec.BootOf(origin), () => Join(node));
    }

    private void Join(SimNode node)
    {
        if (node.Terminated)
            return;
        node.Ready = true;
        Log(LabEvents.NodeReady, node);
        _pods.Place();
        foreach ((Func<bool> Condition, TaskCompletionSource Met) wait in _waits.Where(w => w.Condition()).ToArray())
        {
            _waits.Remove(wait);
            wait.Met.SetResult();
        }
    }
}
