using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Contracts;

/// <summary>Input of the workflow <c>RollCluster</c>. Only <see cref="Cluster"/> is required: that rolls what needs the update, as <c>kops rolling-update cluster</c>.</summary>
public sealed record RollClusterRequest : PersonInput
{
    /// <summary>kOps cluster name, a DNS name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>kOps state store, <c>s3://…</c> or <c>file:///…</c>. Default: the one in the worker's configuration.</summary>
    public string? StateStore { get; init; }

    /// <summary>Names of the instance groups to roll. Default: all.</summary>
    public IReadOnlyList<string> InstanceGroups { get; init; } = [];

    /// <summary>Ids of the only instances to roll; those that are gone are done. Default: every one that needs the update.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>Roll instances that need no update too. With <see cref="Instances"/> exactly those, so that a second start does not roll their replacements. Default false.</summary>
    public bool Force { get; init; }

    /// <summary>Neither drain nor validate: for a cluster whose API does not answer. Default false.</summary>
    public bool CloudOnly { get; init; }

    /// <summary>How nodes are replaced.</summary>
    public RollOptions Roll { get; init; } = new();

    /// <summary>Workflow id of the rotation that rolls. Default: the roll's own.</summary>
    public string Rotation { get; init; } = "";
}

/// <summary>Input of the workflow <c>RollInstanceGroup</c>: one instance group of a roll.</summary>
public sealed record RollInstanceGroupRequest : PersonInput
{
    /// <summary>kOps cluster name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>kOps state store. Default: the one in the worker's configuration.</summary>
    public string? StateStore { get; init; }

    /// <summary>Name of the instance group. Required.</summary>
    public string InstanceGroup { get; init; } = "";

    /// <summary>Instances to replace, in this order. Those that are gone are done. Empty: those of the group that need the update.</summary>
    public IReadOnlyList<InstanceState> Instances { get; init; } = [];

    /// <summary>Instances of the group in all, for percentages. Default: as many as <see cref="Instances"/>.</summary>
    public int GroupSize { get; init; }

    /// <summary>Nodes that this group may have away at once by the cluster's budget, at least 1; 0 means no limit but the group's own. Changed while it runs by the signal <c>setBudget</c>.</summary>
    public int Budget { get; init; }

    /// <summary>Neither drain nor validate. Default false.</summary>
    public bool CloudOnly { get; init; }

    /// <summary>How nodes are replaced.</summary>
    public RollOptions Roll { get; init; } = new();

    /// <summary>Workflow id of the rotation that rolls. Default: the roll's own.</summary>
    public string Rotation { get; init; } = "";

    /// <summary>Instances replaced before this run continued as new.</summary>
    public int DoneBefore { get; init; }

    /// <summary>True when the group's canary has been replaced.</summary>
    public bool CanaryDone { get; init; }
}

/// <summary>Result of <c>RollCluster</c> and <c>RollInstanceGroup</c>, also carried as detail by their failures.</summary>
public sealed record RollResult
{
    /// <summary>Instances replaced.</summary>
    public int NodesRolled { get; init; }

    /// <summary>True when it ended at a node's boundary because it was asked to stop; what is left needs the update still.</summary>
    public bool Stopped { get; init; }

    /// <summary>Ids of instances whose pods could not be evicted in time; they run on, unschedulable.</summary>
    public IReadOnlyList<string> Parked { get; init; } = [];
}

/// <summary>Answer of the query <c>status</c> of a roll.</summary>
public sealed record RollStatus
{
    /// <summary>Instances to replace in all.</summary>
    public int Total { get; init; }

    /// <summary>Instances replaced so far.</summary>
    public int Done { get; init; }

    /// <summary>What it does now, one line an instance or group.</summary>
    public IReadOnlyList<string> Doing { get; init; } = [];

    /// <summary>True while it is paused.</summary>
    public bool Paused { get; init; }
}
