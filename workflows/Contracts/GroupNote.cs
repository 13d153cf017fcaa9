namespace Rotation.Workflows.Contracts;

/// <summary>What the roll of an instance group tells the roll of its cluster. Input of the signal <c>noteGroup</c>.</summary>
public sealed record GroupNote : PersonInput
{
    /// <summary>Name of the instance group.</summary>
    public string InstanceGroup { get; init; } = "";

    /// <summary>Number of the message, from 1 on.</summary>
    public int Message { get; init; }

    /// <summary>Nodes that it can have begun at once from now on.</summary>
    public int Need { get; init; }

    /// <summary>Instances replaced so far.</summary>
    public int Done { get; init; }

    /// <summary>Why it holds, or null.</summary>
    public string? Held { get; init; }
}

/// <summary>What the roll of a cluster allows the roll of an instance group. Input of the signal <c>setBudget</c>.</summary>
public sealed record GroupGrant : PersonInput
{
    /// <summary>Nodes that it may have begun at once.</summary>
    public int Budget { get; init; }

    /// <summary>Number of the group's last message that is taken into account.</summary>
    public int Seen { get; init; }
}
