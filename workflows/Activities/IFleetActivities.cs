using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Reads rotations that a workflow cannot ask itself: a run that continues another hears nothing of the children of that one.</summary>
public interface IFleetActivities
{
    /// <summary>Reads where rotations are, from the server; no worker needs to answer. Reads only.</summary>
    [Activity]
    Task<RotationReadings> ReadRotationsAsync(RotationsToRead input);
}

/// <summary>Which rotations to read.</summary>
/// <param name="WorkflowIds">Their workflow ids.</param>
public sealed record RotationsToRead(IReadOnlyList<string> WorkflowIds);

/// <summary>Where rotations are, in the order in which they were asked for.</summary>
/// <param name="Rotations">One a workflow id.</param>
public sealed record RotationReadings(IReadOnlyList<RotationReading> Rotations);

/// <summary>Where one rotation is.</summary>
public sealed record RotationReading
{
    /// <summary>Workflow id.</summary>
    public string WorkflowId { get; init; } = "";

    /// <summary>True while it runs.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Value of its search attribute <c>RotationState</c>; empty when it has none.</summary>
    public string State { get; init; } = "";

    /// <summary>Value of its search attribute <c>RotationStep</c>.</summary>
    public string Step { get; init; } = "";

    /// <summary>Why it failed, with the error type, or null.</summary>
    public string? Failure { get; init; }
}
