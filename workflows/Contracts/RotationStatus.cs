using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Contracts;

/// <summary>State of a rotation, the value of the search attribute <c>RotationState</c>.</summary>
public enum RotationState
{
    /// <summary>At work.</summary>
    Running,

    /// <summary>Waits at a gate.</summary>
    AwaitingApproval,

    /// <summary>Waits for a person: paused, or holding after a failure.</summary>
    Paused,

    /// <summary>On the way back.</summary>
    RollingBack,

    /// <summary>End: every step is done.</summary>
    Completed,

    /// <summary>End: back at the start, verified.</summary>
    RolledBack,

    /// <summary>End: refused or given up; the message says in which state the cluster is.</summary>
    Failed,
}

/// <summary>Answer of the query <c>status</c>: where a rotation is and what it waits for.</summary>
public sealed record RotationStatus
{
    /// <summary>Cluster that is rotated.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>State.</summary>
    public RotationState State { get; init; }

    /// <summary>Step it is in, such as <c>3-promote</c>; empty before the first.</summary>
    public string Step { get; init; } = "";

    /// <summary>Gate it waits at, such as <c>3-promote</c>, or null.</summary>
    public string? Gate { get; init; }

    /// <summary>What it is doing or waiting for, in words.</summary>
    public string Doing { get; init; } = "";

    /// <summary>JSON to send with the signal or update <c>approve</c> to go on, or null.</summary>
    public string? SendNext { get; init; }

    /// <summary>Approvers so far at the gate.</summary>
    public IReadOnlyList<string> ApprovedBy { get; init; } = [];

    /// <summary>When it reached the gate, or null.</summary>
    public DateTimeOffset? GateSince { get; init; }

    /// <summary>What the approvers of the gate should know: what servers serve and trust, what sinks hold, who still uses the old. Empty where there is nothing to show.</summary>
    public IReadOnlyList<string> Evidence { get; init; } = [];

    /// <summary>When the gate's time is up, or null.</summary>
    public DateTimeOffset? GateDeadline { get; init; }

    /// <summary>Plan hash; empty before the plan is made.</summary>
    public string PlanHash { get; init; } = "";

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<StepStatus> Steps { get; init; } = [];

    /// <summary>Nodes replaced so far, all rolls together.</summary>
    public int NodesRolled { get; init; }

    /// <summary>The keysets and their keypairs before and after.</summary>
    public IReadOnlyList<KeysetRotation> Keysets { get; init; } = [];

    /// <summary>The secret before and after, or null where none is rotated.</summary>
    public SecretRotation? Secret { get; init; }

    /// <summary>Last failure in words, or null.</summary>
    public string? LastFailure { get; init; }

    /// <summary>Last signal that was refused and why, or null.</summary>
    public string? LastRefusal { get; init; }
}

/// <summary>State of a step.</summary>
public enum StepState
{
    /// <summary>Not begun.</summary>
    Pending,

    /// <summary>At work, or at its gate.</summary>
    Running,

    /// <summary>Done and verified.</summary>
    Done,

    /// <summary>Not needed; <see cref="StepStatus.Note"/> says why.</summary>
    Skipped,

    /// <summary>Failed for good.</summary>
    Failed,

    /// <summary>Taken back.</summary>
    Undone,
}

/// <summary>One step of a rotation.</summary>
public sealed record StepStatus
{
    /// <summary>Name, such as <c>3-promote</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>State.</summary>
    public StepState State { get; init; }

    /// <summary>When it began, after its gate.</summary>
    public DateTimeOffset? StartedAt { get; init; }

    /// <summary>How long it took, gate not counted; 0 while it has not ended.</summary>
    public double Seconds { get; init; }

    /// <summary>Why it was skipped or failed, or null.</summary>
    public string? Note { get; init; }
}

/// <summary>A keyset's keypairs before and after.</summary>
public sealed record KeysetRotation
{
    /// <summary>Name of the keyset.</summary>
    public string Name { get; init; } = "";

    /// <summary>Id of the primary before.</summary>
    public string PrimaryBefore { get; init; } = "";

    /// <summary>Id of the keypair that this rotation staged; empty before step 1.</summary>
    public string Staged { get; init; } = "";

    /// <summary>Id of the primary now.</summary>
    public string PrimaryAfter { get; init; } = "";

    /// <summary>Ids that this rotation distrusted.</summary>
    public IReadOnlyList<string> Distrusted { get; init; } = [];
}

/// <summary>A symmetric secret before and after, without its content.</summary>
public sealed record SecretRotation
{
    /// <summary>Name of the secret.</summary>
    public SecretName Name { get; init; }

    /// <summary>SHA-256 of its content before.</summary>
    public string Before { get; init; } = "";

    /// <summary>SHA-256 of its content now.</summary>
    public string After { get; init; } = "";

    /// <summary>Keys in it now; 0 where it is no encryption configuration.</summary>
    public int Keys { get; init; }

    /// <summary>Secrets of the Kubernetes API that were looked at by the last proof.</summary>
    public int SecretsProved { get; init; }
}

/// <summary>Result of a rotation.</summary>
public sealed record RotationResult
{
    /// <summary>End: <c>completed</c> or <c>rolledBack</c>. A failed rotation has no result but a failure.</summary>
    public RotationState State { get; init; }

    /// <summary>Steps with their times.</summary>
    public IReadOnlyList<StepStatus> Steps { get; init; } = [];

    /// <summary>Nodes replaced.</summary>
    public int NodesRolled { get; init; }

    /// <summary>Keypairs before and after.</summary>
    public IReadOnlyList<KeysetRotation> Keysets { get; init; } = [];

    /// <summary>The secret before and after, or null where none was rotated.</summary>
    public SecretRotation? Secret { get; init; }

    /// <summary>Seconds from start to end, gates included.</summary>
    public double Seconds { get; init; }
}
