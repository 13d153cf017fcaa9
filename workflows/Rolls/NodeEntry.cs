namespace Rotation.Workflows.Rolls;

/// <summary>One node in its group's scheduler.</summary>
/// <param name="id">Instance id.</param>
/// <param name="zone">Zone; empty when it is not known.</param>
/// <param name="detached">True when it was detached from its group before: its replacement has been started.</param>
public sealed class NodeEntry(string id, string zone = "", bool detached = false)
{
    /// <summary>Instance id.</summary>
    public string Id { get; } = id;

    /// <summary>Zone.</summary>
    public string Zone { get; } = zone;

    /// <summary>True when its replacement was started before it goes.</summary>
    public bool Detached { get; internal set; } = detached;

    /// <summary>Where it is.</summary>
    public NodeStage Stage { get; internal set; }

    /// <summary>True while it holds a place in the budget: from its first action until its end.</summary>
    public bool HoldsPlace => Stage is NodeStage.Ahead or NodeStage.Replaced or NodeStage.Leaving or NodeStage.Away or NodeStage.Failed;
}
