namespace Rotation.Lab;

/// <summary>What can be made to go wrong. Each says what a roll is expected to do about it.</summary>
public enum LabFaultKind
{
    /// <summary>New instances of the target group (or all) never join. A roll stops at its first node and names the instance that is missing.</summary>
    NeverJoins,

    /// <summary>Boots of the target group take <see cref="LabFault.Value"/> times as long. A roll is slower, no more.</summary>
    SlowBoot,

    /// <summary>Evictions of the target pod (<c>namespace/name</c> prefix, or all) are refused with 429 for ever. A roll parks its node and goes on with others.</summary>
    UndrainablePod,

    /// <summary>That share (0 to 1) of API requests on the target node (or all) answers 500. A roll is slower, no more.</summary>
    ApiErrorRate,

    /// <summary>That share of AWS calls answers <c>RequestLimitExceeded</c> or <c>Throttling</c>. A roll is slower, no more.</summary>
    AwsThrottling,

    /// <summary>That share of AWS calls answers 500 <c>InternalError</c>. A roll is slower, no more.</summary>
    AwsErrorRate,

    /// <summary>Terminations and launches show in AWS answers only after that many seconds of lab time. A roll takes no instance for gone or for there before it is.</summary>
    AwsEventualConsistency,

    /// <summary>The target node (or group) has a full disk: pods do not start on it and it reports DiskPressure. A roll that meets it on a replacement stops.</summary>
    FullDisk,

    /// <summary>The target instance is gone at once, without an orderly shutdown. A roll takes it as done; its group replaces it.</summary>
    InstanceVanishes,

    /// <summary>The target instance gets a spot interruption: terminated after two minutes of lab time. A roll takes it as done.</summary>
    SpotInterruption,

    /// <summary>The kubelet of the target node alternates between ready and not ready each that many seconds of lab time. A roll does not go on before it validates in a row.</summary>
    NotReadyFlap,

    /// <summary>Every PodDisruptionBudget (or the target <c>namespace/name</c>) allows no disruption. A roll waits, then parks.</summary>
    BudgetOfZero,

    /// <summary>The etcd member of the target instance group (or instance) is down. A roll of the control plane does not touch another member.</summary>
    EtcdMemberUnhealthy,

    /// <summary>
    /// Somebody else replaces the oldest worker of the target group (or of all), undrained, at once and each that many seconds of lab time (default 60) until
    /// cleared (at least 1). A roll takes what is gone as done.
    /// </summary>
    SecondOperator,
}

/// <summary>A fault that is set.</summary>
public sealed record LabFault
{
    /// <summary>Name to clear it by; given when it is set.</summary>
    public string Id { get; init; } = "";

    /// <summary>What goes wrong.</summary>
    public LabFaultKind Kind { get; init; }

    /// <summary>What it hits: an instance id, an instance group or <c>namespace/name</c>, by kind; null hits all.</summary>
    public string? Target { get; init; }

    /// <summary>Its number, by kind: a share from 0 to 1, a factor, or seconds of lab time. Null is the kind's default: 1 where none is said.</summary>
    public double? Value { get; init; }
}
