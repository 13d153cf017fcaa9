using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Machine;

/// <summary>One allowed transition.</summary>
/// <param name="From">State before.</param>
/// <param name="On">What happens.</param>
/// <param name="To">State after.</param>
public sealed record RotationTransition(RotationState From, RotationEvent On, RotationState To);

/// <summary>The one table of the state machine of a rotation: used by workflow, commands, documentation and tests alike. What is not in it is illegal.</summary>
public static class RotationTransitions
{
    /// <summary>Every allowed transition.</summary>
    public static IReadOnlyList<RotationTransition> All { get; } =
    [
        new(RotationState.Running, RotationEvent.GateReached, RotationState.AwaitingApproval),
        new(RotationState.Running, RotationEvent.Pause, RotationState.Paused),
        new(RotationState.Running, RotationEvent.Hold, RotationState.Paused),
        new(RotationState.Running, RotationEvent.Rollback, RotationState.RollingBack),
        new(RotationState.Running, RotationEvent.Complete, RotationState.Completed),
        new(RotationState.Running, RotationEvent.Refuse, RotationState.Failed),

        new(RotationState.AwaitingApproval, RotationEvent.GatePassed, RotationState.Running),
        new(RotationState.AwaitingApproval, RotationEvent.RollbackGatePassed, RotationState.RollingBack),
        new(RotationState.AwaitingApproval, RotationEvent.Pause, RotationState.Paused),
        new(RotationState.AwaitingApproval, RotationEvent.Hold, RotationState.Paused),
        new(RotationState.AwaitingApproval, RotationEvent.Rollback, RotationState.RollingBack),
        new(RotationState.AwaitingApproval, RotationEvent.Refuse, RotationState.Failed),

        new(RotationState.Paused, RotationEvent.Resume, RotationState.Running),
        new(RotationState.Paused, RotationEvent.ResumeRollback, RotationState.RollingBack),
        new(RotationState.Paused, RotationEvent.Rollback, RotationState.RollingBack),
        new(RotationState.Paused, RotationEvent.Refuse, RotationState.Failed),

        new(RotationState.RollingBack, RotationEvent.GateReached, RotationState.AwaitingApproval),
        new(RotationState.RollingBack, RotationEvent.Pause, RotationState.Paused),
        new(RotationState.RollingBack, RotationEvent.Hold, RotationState.Paused),
        new(RotationState.RollingBack, RotationEvent.BackAtStart, RotationState.RolledBack),
    ];

    /// <summary>True for the states that a rotation ends in.</summary>
    public static bool IsEnd(RotationState state) => state is RotationState.Completed or RotationState.RolledBack or RotationState.Failed;

    /// <summary>True when the table has the transition.</summary>
    public static bool Allows(RotationState from, RotationEvent on) => Find(from, on) is not null;

    /// <summary>The state after. Fails with <c>IllegalTransition</c> in words when the table does not have it.</summary>
    public static RotationState Next(RotationState from, RotationEvent on) => Find(from, on)?.To
        ?? throw RotationErrors.Permanent(RotationErrors.IllegalTransition, $"{on} is not possible while the rotation is {from}; possible are {string.Join(", ", All.Where(t => t.From == from).Select(t => t.On))}.");

    private static RotationTransition? Find(RotationState from, RotationEvent on) => All.FirstOrDefault(t => t.From == from && t.On == on);
}
