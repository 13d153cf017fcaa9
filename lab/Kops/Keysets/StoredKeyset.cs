namespace Rotation.Lab.Kops.Keysets;

/// <summary>A keyset as it is stored.</summary>
/// <param name="Name">Name.</param>
/// <param name="PrimaryId">Id of the primary.</param>
/// <param name="Keypairs">The keypairs by rising id.</param>
internal sealed record StoredKeyset(string Name, string PrimaryId, IReadOnlyList<StoredKeypair> Keypairs)
{
    public StoredKeypair Primary => Find(PrimaryId) ?? throw new KopsError($"keyset \"{Name}\" did not have primary item {PrimaryId}");

    /// <summary>The certificates that are trusted, one after the other.</summary>
    public string Bundle => string.Concat(Keypairs.Where(k => k.IsTrusted).Select(k => k.Certificate));

    /// <summary>The keysets that a cluster's operator rotates.</summary>
    public static bool IsRotatable(string name) => name is "all" or "service-account" || name.Contains("-ca", StringComparison.Ordinal);

    public StoredKeypair? Find(string id) => Keypairs.FirstOrDefault(k => k.Id == id);

    public StoredKeyset With(StoredKeypair keypair) => this with { Keypairs = [.. Keypairs.Where(k => k.Id != keypair.Id).Append(keypair).OrderBy(k => k.Number)] };
}
