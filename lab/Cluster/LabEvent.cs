namespace Rotation.Lab;

/// <summary>One thing that happened in the lab.</summary>
public sealed record LabEvent
{
    /// <summary>Position in the log, from 1.</summary>
    public long Sequence { get; init; }

    /// <summary>When, UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What: one of <see cref="LabEvents"/>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Instance it happened to, or null.</summary>
    public string? Instance { get; init; }

    /// <summary>Instance group of that instance, or null.</summary>
    public string? Group { get; init; }

    /// <summary>Zone of that instance, or null.</summary>
    public string? Zone { get; init; }

    /// <summary>Pod as <c>namespace/name</c>, or null.</summary>
    public string? Pod { get; init; }

    /// <summary>Owner of that pod as <c>Kind/namespace/name</c>, or null.</summary>
    public string? Owner { get; init; }

    /// <summary>Why or how, in words.</summary>
    public string Detail { get; init; } = "";
}

/// <summary>The kinds of events in a lab's log.</summary>
public static class LabEvents
{
    public const string InstanceLaunched = "instance-launched";
    public const string InstanceTerminating = "instance-terminating";
    public const string InstanceTerminated = "instance-terminated";
    public const string InstanceDetached = "instance-detached";
    public const string LaunchTemplateVersion = "launch-template-version";
    public const string BootFailed = "boot-failed";
    public const string BootstrapRefused = "bootstrap-refused";
    public const string NodeReady = "node-ready";
    public const string NodeNotReady = "node-not-ready";
    public const string NodeCordoned = "node-cordoned";
    public const string NodeUncordoned = "node-uncordoned";
    public const string NodeDeleted = "node-deleted";
    public const string ApiServing = "api-serving";
    public const string ApiDraining = "api-draining";
    public const string ApiStopped = "api-stopped";
    public const string TargetDeregistered = "target-deregistered";
    public const string EtcdQuorumLost = "etcd-quorum-lost";
    public const string EtcdQuorumBack = "etcd-quorum-back";
    public const string PodScheduled = "pod-scheduled";
    public const string PodReady = "pod-ready";
    public const string PodEvicted = "pod-evicted";
    public const string PodDeleted = "pod-deleted";
    public const string PodGone = "pod-gone";
    public const string EvictionRefused = "eviction-refused";

    /// <summary>Fewer pods are healthy than a PodDisruptionBudget asks for: something took them away without asking.</summary>
    public const string BudgetBroken = "budget-broken";

    public const string FaultSet = "fault-set";
    public const string FaultCleared = "fault-cleared";
}
