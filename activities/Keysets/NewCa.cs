using System.Formats.Asn1;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Rotation.Workflows;
using Rotation.Workflows.Activities;

namespace Rotation.Activities.Keysets;

/// <summary>
/// Makes a self-signed CA to a policy, otherwise as kops makes its own: the serial number grows with time and stands in the subject too, so that old and new
/// CA never share a subject, which verifiers would mix up (kops #11964).
/// </summary>
internal static class NewCa
{
    private const int ShortestDays = 30;
    private const int LongestDays = 7300;
    private const int RandomBits = 32;
    private static readonly TimeSpan ClockSkew = TimeSpan.FromDays(2);

    /// <summary>Certificate and private key, PEM. Fails with <c>InvalidRequest</c> on a policy out of bounds.</summary>
    public static (byte[] Certificate, byte[] Key) Make(string keyset, KeypairPolicy policy, DateTimeOffset now)
    {
        if (policy.LifetimeDays is < ShortestDays or > LongestDays)
            throw RotationErrors.Permanent(RotationErrors.InvalidRequest, $"policy.lifetimeDays is {policy.LifetimeDays}; it must be {ShortestDays} to {LongestDays}.");

        BigInteger serial = ((BigInteger)now.ToUnixTimeMilliseconds() * 1_000_000 << RandomBits) + RandomNumberGenerator.GetInt32(int.MaxValue);
        using AsymmetricAlgorithm key = NewKey(policy.Algorithm);
        CertificateRequest request = Request(key, Subject(keyset, serial));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        X509SignatureGenerator signer = key is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)key);
        using X509Certificate2 certificate = request.Create(request.SubjectName, signer, now - ClockSkew, now.AddDays(policy.LifetimeDays), serial.ToByteArray(isUnsigned: true, isBigEndian: true));
        string pem = key is RSA r ? r.ExportRSAPrivateKeyPem() : ((ECDsa)key).ExportECPrivateKeyPem();
        return (Encoding.ASCII.GetBytes(certificate.ExportCertificatePem() + "\n"), Encoding.ASCII.GetBytes(pem + "\n"));
    }

    private static AsymmetricAlgorithm NewKey(KeyAlgorithm algorithm) => algorithm switch
    {
        KeyAlgorithm.Rsa2048 => RSA.Create(2048),
        KeyAlgorithm.Rsa4096 => RSA.Create(4096),
        KeyAlgorithm.EcdsaP256 => ECDsa.Create(ECCurve.NamedCurves.nistP256),
        KeyAlgorithm.EcdsaP384 => ECDsa.Create(ECCurve.NamedCurves.nistP384),
        _ => throw RotationErrors.Permanent(RotationErrors.InvalidRequest, $"policy.algorithm '{algorithm}' is not known."),
    };

    private static CertificateRequest Request(AsymmetricAlgorithm key, X500DistinguishedName subject) => key is RSA rsa
        ? new(subject, rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
        : new(subject, (ECDsa)key, HashAlgorithmName.SHA256);

    private static X500DistinguishedName Subject(string keyset, BigInteger serial)
    {
        var name = new X500DistinguishedNameBuilder();
        // Built last to first: CN stands first in the encoded form, as in kops' own.
        name.Add("2.5.4.5", serial.ToString(), UniversalTagNumber.PrintableString);
        name.AddCommonName(keyset);
        return name.Build();
    }
}
