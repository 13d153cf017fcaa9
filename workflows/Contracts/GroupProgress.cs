using Rotation.Workflows.Activities;
using Rotation.Workflows.Rolls;

namespace Rotation.Workflows.Contracts;

/// <summary>Everything that a roll of an instance group takes with it when it continues as new.</summary>
public sealed record GroupProgress
{
    /// <summary>Nodes that are not done, in order, each where it is.</summary>
    public IReadOnlyList<NodeProgress> Nodes { get; init; } = [];

    /// <summary>Instances replaced.</summary>
    public int Done { get; init; }

    /// <summary>Instances taken out of the group so far, each of which the cloud replaces.</summary>
    public int Removed { get; init; }

    /// <summary>True when a node was replaced by one that is good.</summary>
    public bool CanaryDone { get; init; }

    /// <summary>True while paused.</summary>
    public bool Paused { get; init; }

    /// <summary>True when asked to stop.</summary>
    public bool Stopped { get; init; }

    /// <summary>Number of its last message to the roll of the cluster.</summary>
    public int Message { get; init; }

    /// <summary>Nodes that it may have begun at once by the cluster's budget; null: as the request says.</summary>
    public int? Grant { get; init; }

    /// <summary>Ids of instances drained by force.</summary>
    public IReadOnlyList<string> Forced { get; init; } = [];
}

/// <summary>One node of a roll.</summary>
public sealed record NodeProgress
{
    /// <summary>The instance, as it was when the roll was planned.</summary>
    public InstanceState Instance { get; init; } = new();

    /// <summary>Where it is.</summary>
    public NodeStage Stage { get; init; }

    /// <summary>What is done with it now.</summary>
    public NodeStep Step { get; init; }

    /// <summary>True when its replacement was started before it goes.</summary>
    public bool Detached { get; init; }

    /// <summary>Instances taken out of the group when it was, itself included; 0 while it is in.</summary>
    public int Ticket { get; init; }

    /// <summary>Since when it is there.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>How often it was begun.</summary>
    public int Attempts { get; init; }

    /// <summary>Why it is parked or failed, or null.</summary>
    public string? Reason { get; init; }

    /// <summary>Error type of that, or null.</summary>
    public string? ErrorType { get; init; }

    /// <summary>Who asked to drain it by force; with a second person it is.</summary>
    public IReadOnlyList<string> ForcedBy { get; init; } = [];
}

/// <summary>The action that a node of a roll is in.</summary>
public enum NodeStep
{
    /// <summary>None.</summary>
    None,

    /// <summary>It is taken out of its group, which starts its replacement.</summary>
    Detach,

    /// <summary>Its replacement, started ahead, is waited for.</summary>
    AwaitAhead,

    /// <summary>It is cordoned and drained.</summary>
    Drain,

    /// <summary>Its instance is ended.</summary>
    Terminate,

    /// <summary>Its replacement is waited for.</summary>
    AwaitAfter,
}
