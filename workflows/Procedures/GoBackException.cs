namespace Rotation.Workflows.Procedures;

/// <summary>Leaves the step that is at work, at a safe point, because the way back was asked for. Never leaves the workflow.</summary>
internal sealed class GoBackException() : Exception("The way back was asked for.");
