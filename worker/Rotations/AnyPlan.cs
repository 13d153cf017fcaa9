using System.Text.Json;
using Rotation.Workflows.Contracts;

namespace Rotation.Worker.Rotations;

/// <summary>The plan of whatever kind of rotation; what only one kind has is kept as it came.</summary>
internal sealed record AnyPlan : ProcedurePlan
{
    /// <summary>The request with every default filled in.</summary>
    public JsonElement? Request { get; init; }

    /// <summary>Keysets that are rotated, of <c>RotateKeypairs</c>.</summary>
    public IReadOnlyList<PlannedKeyset> Keysets { get; init; } = [];

    /// <summary>The secret as it was found, of <c>RotateSecret</c>.</summary>
    public JsonElement? Found { get; init; }

    /// <summary>What will be deleted, of <c>LegacyRotation</c>.</summary>
    public JsonElement? Deletes { get; init; }
}
