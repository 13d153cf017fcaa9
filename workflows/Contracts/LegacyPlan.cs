using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Contracts;

/// <summary>Answer of the query <c>plan</c> of <c>LegacyRotation</c>.</summary>
public sealed record LegacyPlan : ProcedurePlan
{
    /// <summary>The request with every default filled in.</summary>
    public LegacyRotationRequest Request { get; init; } = new();

    /// <summary>Keysets and secrets that will be deleted, and the hosts that will be reached by SSH.</summary>
    public CredentialNames Deletes { get; init; } = new([], [], []);
}
