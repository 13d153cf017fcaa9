using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;

namespace Rotation.Workflows.Keypairs;

/// <summary>What one keyset was before the rotation, what the rotation has done to it, and so what it must be now. Pure.</summary>
/// <param name="before">The snapshot taken before the first step.</param>
internal sealed class KeysetLedger(KeysetState before)
{
    private readonly List<string> _distrusted = [];

    /// <summary>The ledger of a keyset that may have come some way already.</summary>
    public static KeysetLedger Of(FoundKeyset found)
    {
        var ledger = new KeysetLedger(found.Before);
        if (found.Made is { } made)
            ledger.Staged(made.Id, made.Fingerprint);
        if (found.Progress >= KeysetProgress.Promoted)
            ledger.Promoted(found.Made!.Id);
        if (found.Progress == KeysetProgress.Distrusted)
            ledger._distrusted.AddRange(ledger.OldIds);
        return ledger;
    }

    public string Name => Before.Name;

    public KeysetState Before { get; } = before;

    /// <summary>Id of the keypair that this rotation made; empty before step 1.</summary>
    public string StagedId { get; private set; } = "";

    /// <summary>Id that must be the primary now.</summary>
    public string PrimaryId { get; private set; } = before.PrimaryId;

    /// <summary>Ids that this rotation distrusted and did not trust again, in that order.</summary>
    public IReadOnlyList<string> Distrusted => _distrusted;

    /// <summary>Ids that step 5 distrusts: what was trusted before.</summary>
    public IReadOnlyList<string> OldIds { get; } = [.. before.TrustedIds()];

    /// <summary>Fingerprints of the certificates that must be in trust stores now.</summary>
    public IReadOnlyList<string> TrustedFingerprints =>
        [.. Before.Keypairs.Where(k => TrustedIds.Contains(k.Id)).Select(k => k.Fingerprint), .. TrustedIds.Contains(StagedId) ? [StagedFingerprint] : Array.Empty<string>()];

    /// <summary>Ids that must be trusted now, oldest first: the staged one is the newest.</summary>
    public IReadOnlyList<string> TrustedIds =>
        [.. OldIds.Where(id => !_distrusted.Contains(id)), .. StagedId.Length > 0 && !_distrusted.Contains(StagedId) ? [StagedId] : Array.Empty<string>()];

    /// <summary>True when the keyset signs and trusts as it did before the rotation.</summary>
    public bool IsAsBefore => PrimaryId == Before.PrimaryId && TrustedIds.SequenceEqual(OldIds);

    private string StagedFingerprint { get; set; } = "";

    public void Staged(string id, string fingerprint) => (StagedId, StagedFingerprint) = (id, fingerprint);

    public void Promoted(string id) => PrimaryId = id;

    public void Distrust(string id)
    {
        if (!_distrusted.Contains(id))
            _distrusted.Add(id);
    }

    public void Trust(string id) => _distrusted.Remove(id);

    /// <summary>How the state store differs from what this rotation made of it, in words; null when it does not.</summary>
    public string? DifferenceFrom(KeysetState? found)
    {
        if (found is null)
            return $"keyset '{Name}' is gone";
        if (found.PrimaryId != PrimaryId)
            return $"keyset '{Name}' has the primary {found.PrimaryId} instead of {PrimaryId}";
        string[] trusted = [.. found.TrustedIds()];
        if (!trusted.Order(StringComparer.Ordinal).SequenceEqual(TrustedIds.Order(StringComparer.Ordinal)))
            return $"keyset '{Name}' trusts [{string.Join(", ", trusted)}] instead of [{string.Join(", ", TrustedIds)}]";
        string[] known = [.. Before.Keypairs.Select(k => k.Id), StagedId];
        return found.Keypairs.FirstOrDefault(k => !known.Contains(k.Id)) is { } foreign ? $"keyset '{Name}' has the foreign keypair {foreign.Id}" : null;
    }

    /// <summary>The one keypair that an attempt of step 1 made without being recorded; null when there is none. Fails with <c>UnexpectedKeypair</c> when there are more.</summary>
    public KeypairState? Unrecorded(KeysetState found)
    {
        KeypairState[] fresh = [.. found.Keypairs.Where(k => k.Id != StagedId && Before.Keypairs.All(b => b.Id != k.Id))];
        return fresh.Length <= 1
            ? fresh.FirstOrDefault()
            : throw RotationErrors.Permanent(RotationErrors.UnexpectedKeypair, $"Keyset '{Name}' has {fresh.Length} keypairs that this rotation did not record ({string.Join(", ", fresh.Select(k => k.Id))}): somebody else is at work.");
    }

    /// <summary>How far it has come, for another plan.</summary>
    public FoundKeyset ToFound() => StagedId.Length == 0 ? FoundKeyset.Untouched(Before) : new(
        _distrusted.Count > 0 ? KeysetProgress.Distrusted : PrimaryId == StagedId ? KeysetProgress.Promoted : KeysetProgress.Staged,
        Before,
        new() { Id = StagedId, Fingerprint = StagedFingerprint });

    public KeysetRotation ToStatus() => new() { Name = Name, PrimaryBefore = Before.PrimaryId, Staged = StagedId, PrimaryAfter = PrimaryId, Distrusted = [.. _distrusted] };
}
