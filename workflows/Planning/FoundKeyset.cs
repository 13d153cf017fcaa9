using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Planning;

/// <summary>A keyset as it was found, read as a part of a rotation: what it must have been before, and how far it has come. Pure.</summary>
/// <param name="Progress">How far it has come.</param>
/// <param name="Before">What it was before that rotation: where its way back leads.</param>
/// <param name="Made">The keypair that the rotation made; null when it is fresh.</param>
internal sealed record FoundKeyset(KeysetProgress Progress, KeysetState Before, KeypairState? Made)
{
    public string Name => Before.Name;

    /// <summary>Reads a keyset by itself. One whose old keypairs are distrusted cannot be told from a fresh one: see <see cref="AsDistrusted"/>.</summary>
    public static FoundKeyset Read(KeysetState found)
    {
        KeypairState[] trusted = [.. found.Keypairs.Where(k => !k.Distrusted)];
        if (trusted.Where(k => IsNewer(k.Id, found.PrimaryId) && k.HasPrivateKey).MaxBy(k => k.Id, ById) is { } staged)
            return new(KeysetProgress.Staged, Without(found, staged, found.PrimaryId), staged);
        KeypairState? primary = trusted.FirstOrDefault(k => k.Id == found.PrimaryId);
        if (primary is not null && Predecessor(trusted, primary) is { } old)
            return new(KeysetProgress.Promoted, Without(found, primary, old.Id), primary);
        return Untouched(found);
    }

    /// <summary>Takes a keyset as it is.</summary>
    public static FoundKeyset Untouched(KeysetState found) => new(KeysetProgress.Fresh, found, null);

    /// <summary>Reads a fresh keyset as the end of the rotation that made <paramref name="sibling"/>; unchanged when it is none: its primary is of another time, or nothing older is there to go back to.</summary>
    public FoundKeyset AsDistrusted(KeypairState sibling)
    {
        if (Progress != KeysetProgress.Fresh || Before.Keypairs.FirstOrDefault(k => k.Id == Before.PrimaryId) is not { } primary || !AreOfOneTime(primary, sibling) || Predecessor(Before.Keypairs, primary) is not { Distrusted: true } old)
            return this;
        KeysetState before = Without(Before, primary, old.Id);
        return new(KeysetProgress.Distrusted, before with { Keypairs = [.. before.Keypairs.Select(k => k.Id == old.Id ? k with { Distrusted = false } : k)] }, primary);
    }

    // kops makes all keypairs of a rotation within minutes, a careful person within days.
    private static bool AreOfOneTime(KeypairState one, KeypairState other) => (one.NotBefore - other.NotBefore).Duration() < TimeSpan.FromDays(7);

    private static KeypairState? Predecessor(IEnumerable<KeypairState> keypairs, KeypairState primary) =>
        keypairs.Where(k => IsNewer(primary.Id, k.Id) && k.HasPrivateKey).MaxBy(k => k.Id, ById);

    private static KeysetState Without(KeysetState found, KeypairState made, string primary) => found with { PrimaryId = primary, Keypairs = [.. found.Keypairs.Where(k => k.Id != made.Id)] };

    private static readonly Comparer<string> ById = Comparer<string>.Create((one, other) => one == other ? 0 : IsNewer(one, other) ? 1 : -1);

    // Ids are decimal numbers of up to 28 digits without leading zeros.
    private static bool IsNewer(string one, string other) => one.Length != other.Length ? one.Length > other.Length : string.CompareOrdinal(one, other) > 0;
}
