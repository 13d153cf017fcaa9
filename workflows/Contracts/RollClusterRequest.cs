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

    /// <summary>Roles of the instance groups to roll, as kops names them: <c>bastion</c>, <c>control-plane</c>, <c>apiserver</c>, <c>node</c>. Default: all.</summary>
    public IReadOnlyList<string> Roles { get; init; } = [];

    /// <summary>Ids of the only instances to roll; those that are gone are done. Default: every one that needs the update.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>Roll instances that need no update too. With <see cref="Instances"/> exactly those, so that a second start does not roll their replacements. Default false.</summary>
    public bool Force { get; init; }

    /// <summary>Neither drain nor validate: for a cluster whose API does not answer. Default false.</summary>
    public bool CloudOnly { get; init; }

    /// <summary>Make the plan, for the query <c>plan</c>, and end: nothing is changed. Default false.</summary>
    public bool PlanOnly { get; init; }

    /// <summary>How nodes are replaced.</summary>
    public RollOptions Roll { get; init; } = new();

    /// <summary>When nodes may be replaced, by the cluster's clock: while it is closed no node is begun, and what is half done is finished. Not for the engine <c>kops</c>. Default: at any time.</summary>
    public MaintenanceWindow? Window { get; init; }

    /// <summary>Workflow id of the rotation that rolls, which holds the cluster's lock. Default: the roll's own, and it takes the lock itself.</summary>
    public string Rotation { get; init; } = "";

    /// <summary>Since when new workers have not been able to join, which the roll of the control plane ends; set by the rotation that rolls. Default: they can.</summary>
    public DateTimeOffset? JoinsBlockedSince { get; init; }
}
