namespace Rotation.Workflows.Contracts;

/// <summary>
/// Input of the workflow <c>RotationPolicy</c>, which a schedule starts: rotates the clusters of a fleet that are due, when their maintenance windows are open. Only the clusters are required:
/// <c>{"fleet":{"clusters":[{"cluster":"prod.example.com"}]}}</c> rotates keypairs a year old, or 90 days before they expire.
/// </summary>
public sealed record RotationPolicyRequest : PersonInput
{
    /// <summary>The clusters and how they are rotated, as <c>RotateFleet</c> takes it, windows included. Required.</summary>
    public RotateFleetRequest Fleet { get; init; } = new();

    /// <summary>When a cluster is due.</summary>
    public RotationDue Due { get; init; } = new();
}

/// <summary>When a cluster is due: when any of these holds for one of the keysets that would be rotated.</summary>
public sealed record RotationDue : PersonInput
{
    /// <summary>Its primary keypair is so many days old, 0 to 3650; 0: never for its age. Default 365.</summary>
    public int MaxAgeDays { get; init; } = 365;

    /// <summary>Its primary keypair expires within so many days, 0 to 3650; 0: never for its expiry. Default 90.</summary>
    public int DaysToExpiry { get; init; } = 90;

    /// <summary>True: every time. Default false.</summary>
    public bool Always { get; init; }
}

/// <summary>Result of the workflow <c>RotationPolicy</c>, and answer of its query <c>status</c>.</summary>
public sealed record PolicyResult
{
    /// <summary>What was found for each cluster.</summary>
    public IReadOnlyList<PolicyVerdict> Clusters { get; init; } = [];

    /// <summary>Workflow id of the fleet that was started; empty: nothing was due.</summary>
    public string Fleet { get; init; } = "";

    /// <summary>What became of the clusters that were due.</summary>
    public FleetResult? Rotated { get; init; }
}

/// <summary>What a policy does about a cluster.</summary>
public enum PolicyDecision
{
    /// <summary>It is rotated.</summary>
    Due,

    /// <summary>Nothing is old enough.</summary>
    NotDue,

    /// <summary>Its maintenance window is closed.</summary>
    WindowClosed,

    /// <summary>Its keysets cannot be read.</summary>
    Unreadable,
}

/// <summary>What a policy found for a cluster.</summary>
/// <param name="Cluster">kOps cluster name.</param>
/// <param name="Decision">What is done.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record PolicyVerdict(string Cluster, PolicyDecision Decision, string Reason);
