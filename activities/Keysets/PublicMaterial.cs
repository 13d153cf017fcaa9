using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;

namespace Rotation.Activities.Keysets;

/// <summary>The public half of a keypair: a certificate, or for <c>service-account</c> also a bare public key.</summary>
internal sealed class PublicMaterial
{
    private static readonly Dictionary<Org.BouncyCastle.Asn1.DerObjectIdentifier, string> Symbols = new(X509Name.RFC2253Symbols) { [X509Name.SerialNumber] = "SERIALNUMBER" };

    private readonly byte[] _publicKeyInfo;

    private PublicMaterial(byte[] der, byte[] publicKeyInfo, X509Certificate? certificate)
    {
        _publicKeyInfo = publicKeyInfo;
        Fingerprint = Convert.ToHexStringLower(SHA256.HashData(der));
        Subject = certificate?.SubjectDN.ToString(true, Symbols) ?? "";
        NotBefore = certificate is null ? default : new(DateTime.SpecifyKind(certificate.NotBefore, DateTimeKind.Utc));
        NotAfter = certificate is null ? default : new(DateTime.SpecifyKind(certificate.NotAfter, DateTimeKind.Utc));
    }

    /// <summary>SHA-256 of the DER form, lower-case hexadecimal.</summary>
    public string Fingerprint { get; }

    /// <summary>Subject as kops prints it; empty for a bare public key.</summary>
    public string Subject { get; }

    /// <summary>Start of validity; the default for a bare public key.</summary>
    public DateTimeOffset NotBefore { get; }

    /// <summary>End of validity; the default for a bare public key.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Parses the stored PEM text, checks that it is whole: that the id is its serial number and that a self-signed one verifies.</summary>
    public static PublicMaterial Parse(Field field, string id)
    {
        (string label, byte[] der) = Pem(field);
        try
        {
            return label switch
            {
                "CERTIFICATE" => Certificate(field, id, der),
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
    public void MustFit(Field privateMaterial)
    {
        if (!PublicHalf(privateMaterial).AsSpan().SequenceEqual(_publicKeyInfo))
            throw privateMaterial.Wrong("does not belong to the public half");
    }

    private static PublicMaterial Certificate(Field field, string id, byte[] der)
    {
        var certificate = new X509Certificate(der);
        if (certificate.SerialNumber.ToString() != id)
            throw field.Wrong("has another serial number than the item's id");
        if (certificate.IssuerDN.Equivalent(certificate.SubjectDN))
            certificate.Verify(certificate.GetPublicKey());
        return new(der, certificate.SubjectPublicKeyInfo.GetDerEncoded(), certificate);
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
            if (label == "EC PRIVATE KEY")
                return Ec(pem);
            using var rsa = RSA.Create();
            rsa.ImportFromPem(pem);
            return rsa.ExportSubjectPublicKeyInfo();
        }
        catch (CryptographicException) when (label == "PRIVATE KEY")
        {
            return Ec(pem);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw privateMaterial.Wrong("cannot be parsed as a private key");
        }
    }

    private static byte[] Ec(string pem)
    {
        using var ec = ECDsa.Create();
        ec.ImportFromPem(pem);
        return ec.ExportSubjectPublicKeyInfo();
    }

    private static (string Label, byte[] Der) Pem(Field field)
    {
        string text = Encoding.ASCII.GetString(field.Bytes());
        if (!PemEncoding.TryFind(text, out PemFields found))
            throw field.Wrong("is not PEM text");
        return (text[found.Label], Convert.FromBase64String(text[found.Base64Data]));
    }
}
