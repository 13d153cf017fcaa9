namespace Rotation.Lab;

/// <summary>What can be made to go wrong.</summary>
public enum LabFaultKind
{
    /// <summary>New instances of the target group (or all) never join. </summary>
    NeverJoins,

    /// <summary>Boots of the target group take <see cref="LabFault.Value"/> times as long.</summary>
    SlowBoot,

    /// <summary>Evictions of the target pod (<c>namespace/name</c> prefix) are refused with 429 for ever.</summary>
    UndrainablePod,

    /// <summary>That share (0 to 1) of API requests on the target node (or all) answers 500.</summary>
    ApiErrorRate,

    /// <summary>That share of AWS calls answers <c>RequestLimitExceeded</c> or <c>Throttling</c>.</summary>
    AwsThrottling,

    /// <summary>That share of AWS calls answers 500 <c>InternalError</c>.</summary>
    AwsErrorRate,

    /// <summary>Terminations and launches show in AWS answers only after that many seconds of lab time.</summary>
    AwsEventualConsistency,

    /// <summary>The target node has a full disk: pods do not start on it and it reports DiskPressure.</summary>
    FullDisk,

    /// <summary>The target instance is gone at once, without an orderly shutdown.</summary>
    InstanceVanishes,

    /// <summary>The target instance gets a spot interruption: terminated after two minutes of lab time.</summary>
    SpotInterruption,

    /// <summary>The kubelet of the target node alternates between ready and not ready each that many seconds of lab time.</summary>
    NotReadyFlap,

    /// <summary>Every PodDisruptionBudget (or the target <c>namespace/name</c>) allows no disruption.</summary>
    BudgetOfZero,

    /// <summary>The etcd member of the target instance group is down.</summary>
    EtcdMemberUnhealthy,
}

/// <summary>A fault that is set.</summary>
public sealed record LabFault
{
    /// <summary>Name to clear it by; given when it is set.</summary>
    public string Id { get; init; } = "";

    /// <summary>What goes wrong.</summary>
    public LabFaultKind Kind { get; init; }

    /// <summary>What it hits: an instance id, an instance group, <c>namespace/pod</c> or a keyset, by kind; null hits all.</summary>
    public string? Target { get; init; }

    /// <summary>Its number, by kind; null is the kind's default: 1.</summary>
    public double? Value { get; init; }
}
