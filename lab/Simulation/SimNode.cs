namespace Rotation.Lab.Simulation;

/// <summary>One instance and its node.</summary>
public sealed class SimNode
{
    internal SimNode(string id, string group, string zone, bool isOld) => (Id, Group, Zone, NeedsUpdate) = (id, group, zone, isOld);

    /// <summary>Instance id, also the node's name.</summary>
    public string Id { get; }

    /// <summary>Its instance group.</summary>
    public string Group { get; }

    /// <summary>Its zone.</summary>
    public string Zone { get; }

    /// <summary>Whether it was there before the roll.</summary>
    public bool NeedsUpdate { get; }

    /// <summary>Whether it joined and is ready.</summary>
    public bool Ready { get; internal set; }

    /// <summary>Whether it takes no pods.</summary>
    public bool Cordoned { get; internal set; }

    /// <summary>Whether it was taken out of its group.</summary>
    public bool Detached { get; internal set; }

    /// <summary>Whether its end was ordered.</summary>
    public bool Terminated { get; internal set; }

    /// <summary>The instance that was launched for it, or null.</summary>
    public SimNode? Replacement { get; internal set; }

    internal bool Serves => Ready && !Cordoned && !Terminated;
}

/// <summary>One pod.</summary>
internal sealed class SimPod(SimWorkload workload, string name)
{
    public SimWorkload Workload => workload;

    public string Name => name;

    /// <summary>Its node, or null while it waits for one.</summary>
    public SimNode? Node { get; set; }

    public bool Ready { get; set; }

    public bool Stopping { get; set; }
}
