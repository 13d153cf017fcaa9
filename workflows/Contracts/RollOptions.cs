namespace Rotation.Workflows.Contracts;

/// <summary>How nodes are replaced. Names and defaults follow <see href="https://kops.sigs.k8s.io/operations/rolling-update/">kOps' rolling update</see>.</summary>
public sealed record RollOptions : PersonInput
{
    /// <summary>Who replaces the nodes. Default: durable.</summary>
    public RollEngine Engine { get; init; } = RollEngine.Durable;

    /// <summary>Nodes of a worker group that may be away at once: a number or a percentage such as <c>10%</c>. Default 1.</summary>
    public string MaxUnavailable { get; init; } = "1";

    /// <summary>Nodes of a worker group that are started ahead of those they replace: a number or a percentage. Default 1. Never for the control plane.</summary>
    public string MaxSurge { get; init; } = "1";

    /// <summary>True rolls worker groups side by side under <see cref="ClusterBudget"/>. Default true.</summary>
    public bool ParallelGroups { get; init; } = true;

    /// <summary>Worker nodes of the whole cluster that may be away at once: a number or a percentage. Default 10%, at least one.</summary>
    public string ClusterBudget { get; init; } = "10%";

    /// <summary>How long a drain may take before its node is parked. Default 15m, as kops.</summary>
    public KopsDuration DrainTimeout { get; init; } = KopsDuration.FromMinutes(15);

    /// <summary>How long a replacement, and then the cluster, may take to validate. Default 15m, as kops.</summary>
    public KopsDuration ValidationTimeout { get; init; } = KopsDuration.FromMinutes(15);

    /// <summary>How often in a row the cluster must validate after each node, 1 to 10. Default 2, as kops.</summary>
    public int ValidateCount { get; init; } = 2;
}

/// <summary>Who replaces the nodes.</summary>
public enum RollEngine
{
    /// <summary>Child workflows of ours, each node's actions retried on their own.</summary>
    Durable,

    /// <summary><c>kops rolling-update cluster --yes</c> in one activity.</summary>
    Kops,
}
