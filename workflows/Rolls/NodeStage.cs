namespace Rotation.Workflows.Rolls;

/// <summary>Where a node of a roll is, as its group's scheduler sees it.</summary>
public enum NodeStage
{
    /// <summary>Not begun.</summary>
    Waiting,

    /// <summary>Its replacement was started ahead of it (surge) and is not there yet; the node serves.</summary>
    Ahead,

    /// <summary>Its replacement serves; the node waits for its drain.</summary>
    Replaced,

    /// <summary>It is drained and ended while its replacement serves.</summary>
    Leaving,

    /// <summary>It is drained and ended, and its replacement is not there yet: the group serves with one less.</summary>
    Away,

    /// <summary>Its replacement did not come or is no good. It holds its place in the budget until a retry is done.</summary>
    Failed,

    /// <summary>Its pods could not be evicted in time. It serves on and holds no place.</summary>
    Parked,

    /// <summary>Replaced, or found gone.</summary>
    Done,

    /// <summary>Left as it is because a person said so.</summary>
    Skipped,
}
