namespace Rotation.Workflows.Rolls;

/// <summary>What may be done now.</summary>
/// <param name="Node">The node.</param>
/// <param name="Kind">The action.</param>
public sealed record RollMove(NodeEntry Node, RollMoveKind Kind);

/// <summary>The actions that a scheduler decides on.</summary>
public enum RollMoveKind
{
    /// <summary>Start its replacement ahead of it; where it is detached already, wait for that replacement.</summary>
    Surge,

    /// <summary>Drain and end it while its replacement serves.</summary>
    Leave,

    /// <summary>Drain and end it first; its replacement comes after.</summary>
    Replace,
}
