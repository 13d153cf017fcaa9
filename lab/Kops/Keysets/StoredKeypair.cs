using System.Globalization;
using System.Numerics;
using Rotation.Lab.Pki;

namespace Rotation.Lab.Kops.Keysets;

/// <summary>One keypair of a keyset as it is stored.</summary>
/// <param name="Id">Id, a decimal number.</param>
/// <param name="Certificate">The certificate, PEM; empty when there is none.</param>
/// <param name="PrivateKey">The private key, PEM, or null.</param>
/// <param name="DistrustedAt">When it was distrusted, UTC; null while it is trusted.</param>
internal sealed record StoredKeypair(string Id, string Certificate, string? PrivateKey, DateTime? DistrustedAt = null)
{
    /// <summary>The id as a number; -1 when it is none, so that it counts as the oldest.</summary>
    public BigInteger Number => BigInteger.TryParse(Id, NumberStyles.None, CultureInfo.InvariantCulture, out BigInteger number) ? number : BigInteger.MinusOne;

    public bool IsTrusted => DistrustedAt is null;

    public PemPair Pair => new(Id, Certificate, PrivateKey);

    /// <summary>Serial number of the certificate.</summary>
    public BigInteger Serial()
    {
        using var certificate = KopsCertificates.Read(Certificate);
        return KopsCertificates.SerialOf(certificate);
    }
}
