using Rotation.Worker.Commands;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Rotations;

/// <summary>What a state means to the one who waits for it.</summary>
internal static class RotationEnds
{
    /// <summary>Whether nothing will happen any more.</summary>
    public static bool IsEnd(this RotationState state) => state is RotationState.Completed or RotationState.RolledBack or RotationState.Failed;

    /// <summary>Whether it goes on only when a person does something.</summary>
    public static bool IsWaiting(this RotationState state) => state is RotationState.AwaitingApproval or RotationState.Paused;

    /// <summary>Exit code that tells the state.</summary>
    public static int ToExitCode(this RotationState state) => state switch
    {
        RotationState.AwaitingApproval or RotationState.Paused => ExitCode.Waiting,
        RotationState.RolledBack or RotationState.Failed => ExitCode.Failed,
        _ => ExitCode.Done,
    };
}
