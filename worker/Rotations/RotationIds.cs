using Rotation.Workflows;

namespace Rotation.Worker.Rotations;

/// <summary>Names of rotations.</summary>
internal static class RotationIds
{
    /// <summary>Workflow type of a rotation of keypairs.</summary>
    public const string KeypairsType = nameof(RotateKeypairs);

    /// <summary>Workflow type of a rotation of a symmetric secret.</summary>
    public const string SecretType = nameof(RotateSecret);

    /// <summary>Workflow type of the disruptive procedure.</summary>
    public const string LegacyType = nameof(LegacyRotation);

    /// <summary>Workflow types that are rotations.</summary>
    public static IReadOnlyList<string> Types { get; } = [KeypairsType, SecretType, LegacyType, nameof(RotateFleet)];

    /// <summary>Workflow id of a roll that was started by itself, unless the caller chooses one.</summary>
    public static string OfRoll(string cluster) => $"roll-{cluster}";

    /// <summary>Workflow id of a rotation of a cluster's keypairs, unless the caller chooses one: one at a time can run.</summary>
    public static string OfKeypairs(string cluster) => $"rotate-keypairs-{cluster}";

    /// <summary>The same for a symmetric secret.</summary>
    public static string OfSecret(string cluster, string secret) => $"rotate-{secret.ToLowerInvariant()}-{cluster}";

    /// <summary>The same for the disruptive procedure.</summary>
    public static string OfLegacy(string cluster) => $"legacy-rotation-{cluster}";
}
