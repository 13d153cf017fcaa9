using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Rotation.Activities.Keysets;

/// <summary>The public half of a keypair: a certificate, or for <c>service-account</c> also a bare public key.</summary>
internal sealed class PublicMaterial
{
    private static readonly Dictionary<DerObjectIdentifier, string> Symbols = new(X509Name.RFC2253Symbols) { [X509Name.SerialNumber] = "SERIALNUMBER" };

    /// <summary>Bits that no serial number of kops' own has before the year 2262: nanoseconds and 32 random bits.</summary>
    public const int MostBitsOfKops = 96;

    // And none since the year 2014 has fewer.
    private const int LeastBitsOfKops = 92;
    private const int MostBitsOfCount = 10;

    private static readonly byte[] Probe = "rotation"u8.ToArray();

    private readonly byte[] _publicKeyInfo;

    private PublicMaterial(byte[] der, byte[] publicKeyInfo, X509Certificate? certificate)
    {
        _publicKeyInfo = publicKeyInfo;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(der));
        Subject = certificate?.SubjectDN.ToString(true, Symbols) ?? "";
        NotBefore = certificate is null ? default : new(DateTime.SpecifyKind(certificate.NotBefore, DateTimeKind.Utc));
        NotAfter = certificate is null ? default : new(DateTime.SpecifyKind(certificate.NotAfter, DateTimeKind.Utc));
    }

    /// <summary>Key id that Kubernetes writes into the header of tokens: SHA-256 of the public key's DER form, base64url.</summary>
    public string Kid => Base64Url.EncodeToString(SHA256.HashData(_publicKeyInfo));

    /// <summary>Signature algorithm of tokens: <c>RS256</c>, or <c>ES256|ES384|ES512</c> by the curve.</summary>
    public string Algorithm => PublicKeyFactory.CreateKey(_publicKeyInfo) is Org.BouncyCastle.Crypto.Parameters.ECPublicKeyParameters ec
        ? ec.Parameters.N.BitLength switch { <= 256 => "ES256", <= 384 => "ES384", _ => "ES512" }
        : "RS256";

    /// <summary>SHA-256 of the DER form, lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>Subject as kops prints it; empty for a bare public key.</summary>
    public string Subject { get; }

    /// <summary>Start of validity; the default for a bare public key.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>End of validity; the default for a bare public key.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Parses the stored PEM text, checks that it is whole: that the id is one that kops gives it and that a self-signed one verifies.</summary>
    public static PublicMaterial Parse(Field field, string id, bool hasPrivateKey)
    {
        (string label, byte[] der) = Pem(field);
        try
        {
            return label switch
            {
                "CERTIFICATE" => Certificate(field, id, hasPrivateKey, der),
                "PUBLIC KEY" => new(der, SubjectPublicKeyInfoFactory.CreateSubjectPublicKeyInfo(PublicKeyFactory.CreateKey(der)).GetDerEncoded(), null),
                "RSA PUBLIC KEY" => Rsa(der),
                _ => throw field.Wrong($"is a '{label}', not a certificate or public key"),
            };
        }
        catch (Exception e) when (e is not Temporalio.Exceptions.FailureException)
        {
            // The parsers throw many types on bytes that are not theirs; each means the same here.
            throw field.Wrong($"cannot be parsed as a {label} ({e.GetType().Name})");
        }
    }

    /// <summary>Fails unless the private key belongs to this public half.</summary>
    public void MustFit(Field privateMaterial) =>
        ProvenBytes.Prove([.. privateMaterial.Bytes(), .. _publicKeyInfo], () =>
        {
            if (!PublicHalf(privateMaterial).AsSpan().SequenceEqual(_publicKeyInfo))
                throw privateMaterial.Wrong("does not belong to the public half");
        });

    private static PublicMaterial Certificate(Field field, string id, bool hasPrivateKey, byte[] der)
    {
        var certificate = new X509Certificate(der);
        if (certificate.SerialNumber.ToString() != id && !MayDiffer(certificate, new(id), hasPrivateKey))
            throw field.Wrong("has another serial number than the item's id");
        if (!IsSealed(certificate, der))
            throw field.Wrong("is damaged outside what its signature covers");
        if (!IsIssuedByAnother(certificate))
            ProvenBytes.Prove(der, () => certificate.Verify(certificate.GetPublicKey()));
        return new(der, certificate.SubjectPublicKeyInfo.GetDerEncoded(), certificate);
    }

    // kops takes the serial number for the id, except: one larger than those of its own time, or not larger than another's when made primary, gets an id by its time; a
    // certificate without a key gets 0, 1, 2… to stand before the primary. Those that kops or we made name their number in the subject, and keep it.
    private static bool MayDiffer(X509Certificate certificate, Org.BouncyCastle.Math.BigInteger id, bool hasPrivateKey)
    {
        if (!hasPrivateKey)
            return id.BitLength <= MostBitsOfCount;
        bool isNumbered = certificate.SubjectDN.GetValueList(X509Name.SerialNumber).Contains(certificate.SerialNumber.ToString());
        return certificate.SerialNumber.BitLength > MostBitsOfKops || (!isNumbered && id.BitLength is >= LeastBitsOfKops and <= MostBitsOfKops);
    }

    // By key identifiers, not by names: a damaged name must not excuse a self-signed certificate from its own signature.
    private static bool IsIssuedByAnother(X509Certificate certificate)
    {
        byte[]? issuer = AuthorityKeyIdentifier.FromExtensions(certificate.CertificateStructure.TbsCertificate.Extensions)?.KeyIdentifier?.GetOctets();
        byte[]? own = SubjectKeyIdentifier.FromExtensions(certificate.CertificateStructure.TbsCertificate.Extensions)?.GetKeyIdentifier();
        return issuer is not null && own is not null && !issuer.AsSpan().SequenceEqual(own) && !certificate.IssuerDN.Equivalent(certificate.SubjectDN);
    }

    // The frame around the signed part is not signed: rebuilt from that part it must be the same, else the fingerprint is that of a damaged file.
    private static bool IsSealed(X509Certificate certificate, byte[] der)
    {
        TbsCertificateStructure signed = certificate.CertificateStructure.TbsCertificate;
        return new DerSequence(signed, signed.Signature, new DerBitString(certificate.GetSignature())).GetDerEncoded().AsSpan().SequenceEqual(der);
    }

    private static PublicMaterial Rsa(byte[] der)
    {
        using var rsa = RSA.Create();
        rsa.ImportRSAPublicKey(der, out _);
        byte[] info = rsa.ExportSubjectPublicKeyInfo();
        return new(info, info, null);
    }

    private static byte[] PublicHalf(Field privateMaterial)
    {
        (string label, _) = Pem(privateMaterial);
        string pem = Encoding.ASCII.GetString(privateMaterial.Bytes());
        try
        {
            return label == "EC PRIVATE KEY" || (label == "PRIVATE KEY" && PrivateKeyIsEc(pem)) ? Ec(pem) : Rsa(pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw privateMaterial.Wrong("cannot be parsed as a private key, or is damaged");
        }
    }

    private static bool PrivateKeyIsEc(string pem)
    {
        using TextReader reader = new StringReader(pem);
        return new Org.BouncyCastle.OpenSsl.PemReader(reader).ReadObject() is Org.BouncyCastle.Crypto.Parameters.ECPrivateKeyParameters;
    }

    // A key that is damaged in its private part still has its public one; only signing shows it.
    private static byte[] Rsa(string pem)
    {
        using var rsa = RSA.Create();
        rsa.ImportFromPem(pem);
        byte[] signature = rsa.SignData(Probe, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return rsa.VerifyData(Probe, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1) ? rsa.ExportSubjectPublicKeyInfo() : throw new CryptographicException("It does not sign.");
    }

    private static byte[] Ec(string pem)
    {
        using var ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        return ec.VerifyData(Probe, ec.SignData(Probe, HashAlgorithmName.SHA256), HashAlgorithmName.SHA256) ? ec.ExportSubjectPublicKeyInfo() : throw new CryptographicException("It does not sign.");
    }

    private static (string Label, byte[] Der) Pem(Field field)
    {
        string text = Encoding.ASCII.GetString(field.Bytes());
        if (!PemEncoding.TryFind(text, out PemFields found))
            throw field.Wrong("is not PEM text");
        return (text[found.Label], Convert.FromBase64String(text[found.Base64Data]));
    }
}
