using System.Numerics;
using Rotation.Lab.Pki;

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

    /// <summary>
    /// The keyset with one more keypair, and its id: the certificate's serial number where that is no younger than now (and, for a primary, older than no other),
    /// else a new one; a certificate without a key gets one before the primary's.
    /// </summary>
    public (StoredKeyset Keyset, string Id) Add(string certificate, string? privateKey, bool primary)
    {
        if (primary && privateKey is null)
            throw new KopsError("private key not provided for primary item");
        using var parsed = KopsCertificates.Read(certificate);
        BigInteger serial = KopsCertificates.SerialOf(parsed);
        var id = BigInteger.Parse(KopsSerial.New(), System.Globalization.CultureInfo.InvariantCulture);
        if (serial <= id && (!primary || serial > Keypairs.Select(k => k.Number).DefaultIfEmpty(0).Max()))
            id = serial;
        if (privateKey is null && Primary.Serial() <= id)
            for (id = 0; Find($"{id}") is not null;)
                id++;
        return (With(new StoredKeypair($"{id}", certificate, privateKey)) with { PrimaryId = primary ? $"{id}" : PrimaryId }, $"{id}");
    }
}
