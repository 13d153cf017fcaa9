namespace Rotation.Workflows.Contracts;

/// <summary>How nodes are replaced. Names and defaults follow <see href="https://kops.sigs.k8s.io/operations/rolling-update/">kOps' rolling update</see>.</summary>
public sealed record RollOptions : PersonInput
{
    /// <summary>Who replaces the nodes. Default: durable.</summary>
    public RollEngine Engine { get; init; } = RollEngine.Durable;

    /// <summary>Nodes of a worker group that may be away at once, drained before their replacement is there: a number or a percentage such as <c>10%</c>, rounded down. Default 1.</summary>
    public string MaxUnavailable { get; init; } = "1";

    /// <summary>
    /// Nodes of a worker group that are started ahead of those they replace: a number or a percentage, rounded up. Default 1. While so many start, as many others whose
    /// replacement serves are drained. Never for the control plane.
    /// </summary>
    public string MaxSurge { get; init; } = "1";

    /// <summary>True rolls worker groups side by side under <see cref="ClusterBudget"/>. Default true.</summary>
    public bool ParallelGroups { get; init; } = true;

    /// <summary>Worker nodes of the whole cluster that may be in some stage of their replacement at once: a number or a percentage, rounded down. Default 10%, at least one.</summary>
    public string ClusterBudget { get; init; } = "10%";

    /// <summary>How long a drain may take before its node is parked. Default 15m, as kops.</summary>
    public KopsDuration DrainTimeout { get; init; } = KopsDuration.FromMinutes(15);

    /// <summary>How long a replacement, and then the cluster, may take to validate. Default 15m, as kops.</summary>
    public KopsDuration ValidationTimeout { get; init; } = KopsDuration.FromMinutes(15);

    /// <summary>How often in a row the cluster must validate after each node, 1 to 10. Default 2, as kops.</summary>
    public int ValidateCount { get; init; } = 2;

    /// <summary>Time left to a node after its last pod has gone, before its instance is ended. Default 0s: pods and volumes are seen to be gone; kops, which does not look, waits 5s.</summary>
    public KopsDuration PostDrainDelay { get; init; }

    /// <summary>Least time between the end of a bastion and its replacement counting as good. Default 0s; kops waits 15s because it polls.</summary>
    public KopsDuration BastionInterval { get; init; }

    /// <summary>As <see cref="BastionInterval"/>, for the control plane and API servers.</summary>
    public KopsDuration ControlPlaneInterval { get; init; }

    /// <summary>As <see cref="BastionInterval"/>, for workers.</summary>
    public KopsDuration NodeInterval { get; init; }

    /// <summary>
    /// Circuit breaker: replacements of a worker group that may be no good, a number, or a percentage, rounded down, of those begun. One more, or any that is no good before the
    /// first good one, and no further node is begun. Default 10%.
    /// </summary>
    public string MaxFailures { get; init; } = "10%";

    /// <summary>What a roll does when nodes are left that it cannot replace. Default: a roll started by itself holds and asks, one inside a rotation fails, and the rotation asks.</summary>
    public RollReaction? OnFailure { get; init; }
}

/// <summary>Who replaces the nodes.</summary>
public enum RollEngine
{
    /// <summary>Child workflows of ours, each node's actions retried on their own.</summary>
    Durable,

    /// <summary><c>kops rolling-update cluster --yes</c> in one activity.</summary>
    Kops,
}

/// <summary>What a roll does when nodes are left that it cannot replace.</summary>
public enum RollReaction
{
    /// <summary>It waits for a person: signals <c>retry</c>, <c>skip</c> and <c>force</c>.</summary>
    Hold,

    /// <summary>It fails, with what was done as a detail.</summary>
    Fail,
}
