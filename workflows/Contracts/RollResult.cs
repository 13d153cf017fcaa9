namespace Rotation.Workflows.Contracts;

/// <summary>Result of <c>RollCluster</c> and <c>RollInstanceGroup</c>, also carried as detail by their failures.</summary>
public sealed record RollResult
{
    /// <summary>Instances replaced.</summary>
    public int NodesRolled { get; init; }

    /// <summary>True when it ended at a node's boundary because it was asked to stop; what is left needs the update still.</summary>
    public bool Stopped { get; init; }

    /// <summary>Ids of instances whose pods could not be evicted in time; they serve on.</summary>
    public IReadOnlyList<string> Parked { get; init; } = [];

    /// <summary>Ids of instances whose replacement did not come or is no good.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];

    /// <summary>Ids of instances that a person told it to leave as they are.</summary>
    public IReadOnlyList<string> Skipped { get; init; } = [];

    /// <summary>Ids of instances that were drained by force, as two people told it.</summary>
    public IReadOnlyList<string> Forced { get; init; } = [];

    /// <summary>How long new workers could not join: from <see cref="RollClusterRequest.JoinsBlockedSince"/> until the control plane was rolled. Null where they could.</summary>
    public KopsDuration? JoinsBlocked { get; init; }

    /// <summary>True when cluster-autoscaler is still kept from scaling down, because the API refused to take that back: a person has to.</summary>
    public bool ScaleDownHeld { get; init; }
}
