using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Keysets;

/// <summary>What each change makes of a keyset, and which ones are refused before kops is asked.</summary>
internal static class KeypairRules
{
    public static KeysetState Promote(KeysetState keyset, string id)
    {
        KeypairState keypair = Find(keyset, id);
        if (keypair.Distrusted)
            throw RotationErrors.Permanent(RotationErrors.KeypairDistrusted, $"Keypair {id} of '{keyset.Name}' is distrusted; trust it first.");
        if (!keypair.HasPrivateKey)
            throw RotationErrors.Permanent(RotationErrors.DriftDetected, $"Keypair {id} of '{keyset.Name}' has no private key in the state store, so it cannot sign.");
        return keyset with { PrimaryId = id };
    }

    public static KeysetState Distrust(KeysetState keyset, string id)
    {
        Find(keyset, id);
        return id != keyset.PrimaryId
            ? With(keyset, id, distrusted: true)
            : throw RotationErrors.Permanent(RotationErrors.KeypairIsPrimary, $"Keypair {id} of '{keyset.Name}' is the primary; promote another one first.");
    }

    public static KeysetState Trust(KeysetState keyset, string id)
    {
        Find(keyset, id);
        return With(keyset, id, distrusted: false);
    }

    /// <summary>True when both trust and sign alike.</summary>
    public static bool Same(KeysetState one, KeysetState other) => one.PrimaryId == other.PrimaryId && one.Keypairs.SequenceEqual(other.Keypairs);

    private static KeysetState With(KeysetState keyset, string id, bool distrusted) =>
        keyset with { Keypairs = [.. keyset.Keypairs.Select(k => k.Id == id ? k with { Distrusted = distrusted } : k)] };

    private static KeypairState Find(KeysetState keyset, string id) => keyset.Keypairs.FirstOrDefault(k => k.Id == id)
        ?? throw RotationErrors.Permanent(RotationErrors.KeypairUnknown, $"Keyset '{keyset.Name}' has no keypair {id}.");
}
