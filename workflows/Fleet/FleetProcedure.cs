using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Serialization;

namespace Rotation.Workflows.Fleet;

/// <summary>The workflow that rotates clusters of a kind, and what is wrong with an input of it.</summary>
/// <param name="WorkflowType">Workflow type.</param>
/// <param name="ProblemsOf">Everything that is wrong with an input.</param>
internal sealed record FleetProcedure(string WorkflowType, Func<JsonObject, IReadOnlyList<string>> ProblemsOf)
{
    private static readonly Dictionary<RotationKind, FleetProcedure> All = new()
    {
        [RotationKind.Keypairs] = new(nameof(RotateKeypairs), input => RequestRules.ProblemsOf(Read<RotateKeypairsRequest>(input))),
        [RotationKind.Secret] = new(nameof(RotateSecret), input => RequestRules.ProblemsOf(Read<RotateSecretRequest>(input))),
        [RotationKind.Legacy] = new(nameof(LegacyRotation), input => RequestRules.ProblemsOf(Read<LegacyRotationRequest>(input))),
    };

    /// <summary>The procedure of a kind.</summary>
    public static FleetProcedure Of(RotationKind kind) => All[kind];

    private static T Read<T>(JsonObject input) => input.Deserialize<T>(RotationDataConverter.Json)!;
}
