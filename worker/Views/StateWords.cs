using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Views;

/// <summary>States as people read them, with their colours.</summary>
internal static class StateWords
{
    public static string Of(RotationState state) => state switch
    {
        RotationState.AwaitingApproval => "awaiting approval",
        RotationState.RollingBack => "rolling back",
        RotationState.RolledBack => "rolled back",
        _ => state.ToString().ToLowerInvariant(),
    };

    public static string Coloured(RotationState state) => $"[{Colour(state)}]{Of(state)}[/]";

    public static string Coloured(StepState state) => state switch
    {
        StepState.Done => "[green]✓ done[/]",
        StepState.Running => "[blue]▶ running[/]",
        StepState.Skipped => "[grey]– skipped[/]",
        StepState.Failed => "[red]✗ failed[/]",
        StepState.Undone => "[yellow]↶ undone[/]",
        _ => "[grey]· pending[/]",
    };

    private static string Colour(RotationState state) => state switch
    {
        RotationState.Completed => "green",
        RotationState.Failed => "red",
        RotationState.AwaitingApproval or RotationState.Paused => "yellow",
        RotationState.RolledBack or RotationState.RollingBack => "magenta",
        _ => "blue",
    };
}
