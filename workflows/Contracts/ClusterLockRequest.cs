namespace Rotation.Workflows.Contracts;

/// <summary>Input of the workflow <c>ClusterLock</c>, and answer of its query <c>holder</c>. Its workflow id must be <c>cluster-lock-CLUSTER</c>: that is what locks.</summary>
public sealed record ClusterLockRequest : PersonInput
{
    /// <summary>kOps cluster name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Workflow id of the rotation that holds the lock, or the name of a person who keeps rotations away. Required.</summary>
    public string Holder { get; init; } = "";

    /// <summary>Why it is held, in words.</summary>
    public string Reason { get; init; } = "";
}
