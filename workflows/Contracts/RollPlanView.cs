namespace Rotation.Workflows.Contracts;

/// <summary>Answer of the query <c>plan</c> of <c>RollCluster</c>: what it replaces, why, in which order, and how long that takes.</summary>
public sealed record RollPlanView
{
    /// <summary>False until the instances are read.</summary>
    public bool IsMade { get; init; }

    /// <summary>Instance groups in order; worker groups go side by side where the options say so.</summary>
    public IReadOnlyList<PlannedGroup> Groups { get; init; } = [];

    /// <summary>Instances in all.</summary>
    public int Nodes { get; init; }

    /// <summary>Worker nodes that may be in some stage of their replacement at once.</summary>
    public int Budget { get; init; }

    /// <summary>How long it takes when nothing goes wrong, with 3 minutes a boot and 1 minute a drain.</summary>
    public KopsDuration Forecast { get; init; }
}

/// <summary>One instance group of a plan.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">Role.</param>
/// <param name="Size">Instances in all.</param>
/// <param name="Surge">Replacements started ahead at once.</param>
/// <param name="Unavailable">Nodes by which it may serve with less.</param>
/// <param name="Nodes">Nodes to replace, in order.</param>
public sealed record PlannedGroup(string Name, InstanceGroupRole Role, int Size, int Surge, int Unavailable, IReadOnlyList<PlannedNode> Nodes);

/// <summary>One node of a plan.</summary>
/// <param name="Instance">Instance id.</param>
/// <param name="Node">Name of its Kubernetes node, or null.</param>
/// <param name="Zone">Zone; empty when it is not known.</param>
/// <param name="Why">Why it is replaced: <c>needs the update</c>, <c>detached by an earlier roll</c> or <c>forced</c>.</param>
public sealed record PlannedNode(string Instance, string? Node, string Zone, string Why);
