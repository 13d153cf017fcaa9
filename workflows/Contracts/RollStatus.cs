namespace Rotation.Workflows.Contracts;

/// <summary>Answer of the query <c>status</c> of a roll.</summary>
public sealed record RollStatus
{
    /// <summary>Instances to replace in all.</summary>
    public int Total { get; init; }

    /// <summary>Instances replaced so far; of a cluster, those of groups that have ended and what running groups have reported.</summary>
    public int Done { get; init; }

    /// <summary>What it does now, one line an instance or group.</summary>
    public IReadOnlyList<string> Doing { get; init; } = [];

    /// <summary>True while it is paused, or a group's maintenance window is closed.</summary>
    public bool Paused { get; init; }

    /// <summary>Why it holds and waits for a person, or null.</summary>
    public string? Held { get; init; }

    /// <summary>JSON to send with the signal <c>retry</c>, <c>skip</c> or <c>force</c>, or null while it does not hold.</summary>
    public string? SendNext { get; init; }

    /// <summary>Of an instance group: its nodes that are begun, parked or failed.</summary>
    public IReadOnlyList<NodeStatus> Nodes { get; init; } = [];

    /// <summary>Of a cluster: its instance groups.</summary>
    public IReadOnlyList<GroupStatus> Groups { get; init; } = [];
}

/// <summary>One node in the status of a roll.</summary>
/// <param name="Node">Name of its Kubernetes node, or its instance id where it never joined.</param>
/// <param name="Instance">Instance id.</param>
/// <param name="Stage">What is done with it, in words.</param>
/// <param name="Since">Since when.</param>
/// <param name="Attempt">How often it was begun.</param>
/// <param name="Reason">Why it is parked or failed, or null.</param>
public sealed record NodeStatus(string Node, string Instance, string Stage, DateTimeOffset Since, int Attempt, string? Reason);

/// <summary>One instance group in the status of a roll.</summary>
/// <param name="Name">Name.</param>
/// <param name="WorkflowId">Workflow that rolls it; it answers the query <c>status</c> with its nodes.</param>
/// <param name="State">One of <c>waiting</c>, <c>rolling</c>, <c>held</c>, <c>ended</c>.</param>
/// <param name="Total">Instances to replace.</param>
/// <param name="Done">Instances replaced, as it last reported.</param>
/// <param name="Budget">Nodes that it may have begun at once.</param>
public sealed record GroupStatus(string Name, string WorkflowId, string State, int Total, int Done, int Budget);
