namespace Rotation.Workflows.Contracts;

/// <summary>What every rotation of credentials can be asked. Only <see cref="Cluster"/> is required by all of them.</summary>
public abstract record ProcedureRequest : PersonInput
{
    /// <summary>kOps cluster name, a DNS name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>kOps state store, <c>s3://…</c> or <c>file://…</c>. Default: the one in the worker's configuration.</summary>
    public string? StateStore { get; init; }

    /// <summary>Who must approve, and for how long a gate waits.</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>What happens when a step fails for good. Default: hold and ask a person.</summary>
    public FailureReaction OnFailure { get; init; } = FailureReaction.Hold;

    /// <summary>How nodes are replaced.</summary>
    public RollOptions Roll { get; init; } = new();

    /// <summary>When steps may be taken and nodes replaced, by the cluster's clock: when it closes, the rotation holds after the node at work, and goes on at the next opening. Gates and the way back
    /// do not wait for it. Default: at any time.</summary>
    public MaintenanceWindow? Window { get; init; }

    /// <summary>Names of notifiers in the worker's configuration that are told of gates, failures and the end. Default: the worker's default notifiers.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>Who asks for the rotation, such as a mail address: with <see cref="ApprovalPolicy.ExcludeRequester"/> that person cannot approve it. Default: not known.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>What happens while another rotation of the same cluster holds the lock. Default: refuse.</summary>
    public LockReaction WhenLocked { get; init; } = LockReaction.Refuse;
}

/// <summary>What happens when a step fails for good.</summary>
public enum FailureReaction
{
    /// <summary>Stop where it is and wait for a person: resume tries again, rollback goes back.</summary>
    Hold,

    /// <summary>Go back to the start.</summary>
    Rollback,
}

/// <summary>What a rotation does while another one holds its cluster's lock.</summary>
public enum LockReaction
{
    /// <summary>Fails at once with <c>ClusterLocked</c>.</summary>
    Refuse,

    /// <summary>Waits until the lock is free.</summary>
    Queue,
}
