namespace Rotation.Workflows.Contracts;

/// <summary>
/// Input of the workflow <c>ClusterHold</c>, which holds a cluster's lock as long as it runs. Started by hand, under any workflow id, <c>{"cluster":"prod.example.com"}</c> keeps rotations away until
/// it is cancelled or gets the signal <c>release</c>.
/// </summary>
public sealed record ClusterHoldRequest : PersonInput
{
    /// <summary>kOps cluster name, a DNS name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>kOps state store, <c>s3://…</c> or <c>file:///…</c>. Default: the one in the worker's configuration. Name and store together are what is locked.</summary>
    public string? StateStore { get; init; }

    /// <summary>Why it is held, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What happens while somebody else holds the lock. Default: refuse.</summary>
    public LockReaction WhenLocked { get; init; } = LockReaction.Refuse;

    /// <summary>For whom it is held. Left out by hand: then it is held for itself.</summary>
    public LockHolder? Holder { get; init; }
}

/// <summary>Who holds a cluster's lock.</summary>
public sealed record LockHolder
{
    /// <summary>Workflow id.</summary>
    public string WorkflowId { get; init; } = "";

    /// <summary>Workflow type, such as <c>RotateKeypairs</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Run id of the first of the runs that continue each other: the claim is theirs together.</summary>
    public string FirstRunId { get; init; } = "";
}
