using System.Text.Json;

namespace Rotation.Workflows.Contracts;

/// <summary>
/// Input of the workflow <c>RotateFleet</c>: many clusters, in waves. Only <see cref="Clusters"/> is required: <c>{"clusters":[{"cluster":"a.example.com"},{"cluster":"b.example.com"}]}</c> rotates
/// the keypairs of the first, and when that went well of the others, one after the other.
/// </summary>
public sealed record RotateFleetRequest : PersonInput
{
    /// <summary>The clusters, canaries first, 1 to 1,000. Required.</summary>
    public IReadOnlyList<FleetCluster> Clusters { get; init; } = [];

    /// <summary>What is done to each, unless it says otherwise itself. Default: keypairs.</summary>
    public RotationKind Kind { get; init; } = RotationKind.Keypairs;

    /// <summary>Input of every rotation, without <c>cluster</c>, <c>stateStore</c> and <c>window</c>: the JSON that the workflow of the kind takes. Default: its own defaults.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>How many of the first clusters are the first wave. Default 1; 0: none.</summary>
    public int Canary { get; init; } = 1;

    /// <summary>Clusters of each later wave. Default 0: all that are left are one wave.</summary>
    public int WaveSize { get; init; }

    /// <summary>How many clusters are rotated at once, 1 to 200. Default 1.</summary>
    public int AtOnce { get; init; } = 1;

    /// <summary>Before which waves people are asked. Default: none; each rotation has gates of its own.</summary>
    public FleetGates Gates { get; init; } = FleetGates.None;

    /// <summary>Who must approve at the fleet's gates. The rotations' own gates follow <see cref="Request"/>.</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>What happens when a cluster is not rotated: its rotation failed, went back or is held too long. Default: stop.</summary>
    public FleetFailure OnFailure { get; init; } = FleetFailure.Stop;

    /// <summary>How long a rotation may wait for a person before it counts as held and gives its place to the next cluster. It goes on waiting. Default 24h; at least 1m.</summary>
    public KopsDuration HoldLimit { get; init; } = KopsDuration.FromHours(24);

    /// <summary>When nodes may be replaced, by the clock of the clusters; a rotation that is at work when the window closes goes on at the next. Default: at any time.</summary>
    public MaintenanceWindow? Window { get; init; }

    /// <summary>Events of history after which it continues as new, 200 to 20,000. Default 7,000.</summary>
    public int ContinueAfter { get; init; } = 7000;

    /// <summary>Who asks, such as a mail address; passed on to the rotations that name nobody. Default: not known.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>Where an earlier run of this fleet stood. Left out by hand.</summary>
    public IReadOnlyList<FleetRow> Progress { get; init; } = [];
}

/// <summary>One cluster of a fleet.</summary>
public sealed record FleetCluster : PersonInput
{
    /// <summary>kOps cluster name, a DNS name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>kOps state store. Default: the one in the worker's configuration.</summary>
    public string? StateStore { get; init; }

    /// <summary>What is done to it. Default: as the fleet says.</summary>
    public RotationKind? Kind { get; init; }

    /// <summary>When its nodes may be replaced. Default: as the fleet says.</summary>
    public MaintenanceWindow? Window { get; init; }

    /// <summary>What its rotation's input has otherwise than the fleet's <c>request</c>; objects are merged field by field.</summary>
    public JsonElement? Request { get; init; }
}

/// <summary>What is rotated.</summary>
public enum RotationKind
{
    /// <summary>Keysets, by <c>RotateKeypairs</c>.</summary>
    Keypairs,

    /// <summary>A symmetric secret, by <c>RotateSecret</c>.</summary>
    Secret,

    /// <summary>Everything, by <c>LegacyRotation</c>.</summary>
    Legacy,
}

/// <summary>Before which waves of a fleet people are asked.</summary>
public enum FleetGates
{
    /// <summary>Before none.</summary>
    None,

    /// <summary>Before the wave that follows the canaries.</summary>
    AfterCanary,

    /// <summary>Before every wave but the first.</summary>
    EveryWave,
}

/// <summary>What a fleet does when a cluster is not rotated.</summary>
public enum FleetFailure
{
    /// <summary>Begins no further cluster, waits for those at work, and fails.</summary>
    Stop,

    /// <summary>Goes on with the others, and fails at the end.</summary>
    Continue,
}

/// <summary>Input of the signal and update <c>stop</c> of a fleet.</summary>
public sealed record FleetStop : PersonInput
{
    /// <summary>Who asks. Required.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Why.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What becomes of the rotations at work. Default: finish.</summary>
    public FleetStopMode Rotations { get; init; } = FleetStopMode.Finish;
}

/// <summary>What becomes of the rotations at work when a fleet is stopped.</summary>
public enum FleetStopMode
{
    /// <summary>The fleet waits for them.</summary>
    Finish,

    /// <summary>The fleet ends at once; they go on by themselves.</summary>
    Abandon,

    /// <summary>They are asked to cancel: before their first change they end, afterwards they hold or go back, as their input says.</summary>
    Cancel,
}
