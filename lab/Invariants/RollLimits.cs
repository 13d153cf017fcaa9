namespace Rotation.Lab.Invariants;

/// <summary>How many nodes a roll may have away, for <see cref="RollChecker"/>. A node is away while its group serves with one less than it had when the roll began.</summary>
public sealed record RollLimits
{
    /// <summary>Nodes that each group may have away, by name.</summary>
    public IReadOnlyDictionary<string, int> ByGroup { get; init; } = new Dictionary<string, int>();

    /// <summary>Nodes that a group may have away that <see cref="ByGroup"/> does not name. Default 1.</summary>
    public int OtherGroups { get; init; } = 1;

    /// <summary>Groups of the control plane: all of them together may have one node away.</summary>
    public IReadOnlyList<string> ControlPlaneGroups { get; init; } = [];

    /// <summary>Nodes that all groups but those of the control plane may have away together; null for no limit.</summary>
    public int? Budget { get; init; }

    /// <summary>Nodes of one group that may be away in one zone; null for no limit.</summary>
    public int? ByGroupAndZone { get; init; }
}

/// <summary>A rule that was broken.</summary>
/// <param name="Rule">One of <c>group</c>, <c>zone</c>, <c>budget</c>, <c>control-plane</c>, <c>stateful-set</c>, <c>disruption-budget</c>.</param>
/// <param name="Event">The event that broke it.</param>
/// <param name="Detail">What was allowed and what was found.</param>
public sealed record RollViolation(string Rule, LabEvent Event, string Detail);
