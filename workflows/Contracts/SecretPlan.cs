using Rotation.Workflows.Activities;

namespace Rotation.Workflows.Contracts;

/// <summary>Answer of the query <c>plan</c> of <c>RotateSecret</c>.</summary>
public sealed record SecretPlan : ProcedurePlan
{
    /// <summary>The request with every default filled in.</summary>
    public RotateSecretRequest Request { get; init; } = new();

    /// <summary>The secret as it was found, without its content.</summary>
    public SecretState Found { get; init; } = new("", 0);
}
