namespace Rotation.Workflows.Contracts;

/// <summary>Answer of the query <c>clusters</c> of a fleet, beside its <c>status</c>, whose steps are the waves.</summary>
public sealed record FleetStatus
{
    /// <summary>How many clusters are in each state; states without any are left out.</summary>
    public IReadOnlyDictionary<FleetRowState, int> Counts { get; init; } = new Dictionary<FleetRowState, int>();

    /// <summary>One row a cluster, in the order of the request.</summary>
    public IReadOnlyList<FleetRow> Clusters { get; init; } = [];
}

/// <summary>State of a cluster in a fleet.</summary>
public enum FleetRowState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>Its rotation is at work, or waits for a person since less than the limit.</summary>
    Running,

    /// <summary>Its rotation waits for a person longer than the limit, and goes on waiting.</summary>
    Held,

    /// <summary>Its rotation was at work when the fleet ended, and goes on by itself.</summary>
    Abandoned,

    /// <summary>Never begun, because the fleet stopped.</summary>
    Skipped,

    /// <summary>Rotated.</summary>
    Completed,

    /// <summary>Its rotation went back to the start.</summary>
    RolledBack,

    /// <summary>Its rotation failed, or was ended by force.</summary>
    Failed,
}

/// <summary>One cluster of a fleet.</summary>
public sealed record FleetRow
{
    /// <summary>kOps cluster name.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>State.</summary>
    public FleetRowState State { get; init; }

    /// <summary>Wave that it belongs to, counted from 0.</summary>
    public int Wave { get; init; }

    /// <summary>Workflow id of its rotation; empty before it begins.</summary>
    public string Rotation { get; init; } = "";

    /// <summary>State of its rotation as last read, such as <c>AwaitingApproval</c>.</summary>
    public string RotationState { get; init; } = "";

    /// <summary>Step of its rotation as last read.</summary>
    public string Step { get; init; } = "";

    /// <summary>Since when its rotation waits for a person, or null.</summary>
    public DateTimeOffset? WaitsSince { get; init; }

    /// <summary>When it began.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>When it ended.</summary>
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Why it is not rotated, or null.</summary>
    public string? Note { get; init; }
}

/// <summary>Result of the workflow <c>RotateFleet</c>, also carried as detail by its failure <c>FleetIncomplete</c>.</summary>
public sealed record FleetResult
{
    /// <summary><c>completed</c> when every cluster is rotated, else <c>failed</c>.</summary>
    public RotationState State { get; init; }

    /// <summary>One row a cluster.</summary>
    public IReadOnlyList<FleetRow> Clusters { get; init; } = [];

    /// <summary>Seconds from start to end of its last run.</summary>
    public double Seconds { get; init; }
}
