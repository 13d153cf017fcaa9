using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Contracts;

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

    /// <summary>Instances of the group that are not as new ones are, those to be replaced among them. Default: as many as <see cref="Instances"/>.</summary>
    public int Old { get; init; }

    /// <summary>Nodes that this group may have begun at once by the cluster's budget, at least 1; 0 means no limit but the group's own. Changed while it runs by the signal <c>setBudget</c>.</summary>
    public int Budget { get; init; }

    /// <summary>Worker machines of the cluster that may be missing while it validates, because others are being replaced as well. Default 0.</summary>
    public int Tolerate { get; init; }

    /// <summary>The instances need no update: new ones are told from old ones by their ids. Default false.</summary>
    public bool Force { get; init; }

    /// <summary>Neither drain nor validate. Default false.</summary>
    public bool CloudOnly { get; init; }

    /// <summary>How nodes are replaced.</summary>
    public RollOptions Roll { get; init; } = new();

    /// <summary>When nodes may be replaced, by the cluster's clock: while it is closed no node is begun, and what is half done is finished. Not for the engine <c>kops</c>. Default: at any time.</summary>
    public MaintenanceWindow? Window { get; init; }

    /// <summary>Workflow id of the rotation that rolls. Default: the roll's own.</summary>
    public string Rotation { get; init; } = "";

    /// <summary>Events of its history after which it continues as new. Default 7000.</summary>
    public int ContinueAfter { get; init; } = 7000;

    /// <summary>Where it was when it continued as new. Default: at its beginning.</summary>
    public GroupProgress? Progress { get; init; }
}
