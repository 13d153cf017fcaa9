namespace Rotation.Workflows.Procedures;

/// <summary>Compares what is there with what the rotation made of it.</summary>
internal interface IStateCheck
{
    /// <summary>Before a step: fails with <c>DriftDetected</c> when it is not as this rotation left it.</summary>
    Task CheckAsync(string step);

    /// <summary>At the end of the way back to the start: fails when it is not as it was before the rotation.</summary>
    Task CheckStartAsync();
}
