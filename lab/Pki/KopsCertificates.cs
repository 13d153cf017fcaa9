using System.Formats.Asn1;
using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rotation.Lab.Pki;

/// <summary>Certificates with the names, extensions and times that kops gives them.</summary>
internal static class KopsCertificates
{
    private const int KeyBits = 2048;
    private const int RandomSerialBits = 127;
    private static readonly TimeSpan Before = TimeSpan.FromDays(2);
    private static readonly TimeSpan CaLifetime = TimeSpan.FromDays(3650);

    /// <summary>A new self-signed CA of a keyset with a new RSA 2048 key. Its serial number is the keypair's id.</summary>
    public static PemPair CreateCa(string keyset)
    {
        using var key = RSA.Create(KeyBits);
        return SelfSign(keyset, key);
    }

    /// <summary>A new self-signed CA of a keyset over a key that somebody brought.</summary>
    public static PemPair SelfSign(string keyset, AsymmetricAlgorithm key)
    {
        string id = KopsSerial.New();
        return SelfSign(Name(("2.5.4.3", keyset), ("2.5.4.5", id)), id, key);
    }

    private static PemPair SelfSign(X500DistinguishedName name, string id, AsymmetricAlgorithm key)
    {
        CertificateRequest request = Request(name, key, key);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new PemPair(id, Sign(request, name, key, CaLifetime, BigInteger.Parse(id, CultureInfo.InvariantCulture)), PemKeys.Text(key));
    }

    /// <summary>A new self-signed CA as kops before 1.22 made it: no id in its name, so that the next one has the same.</summary>
    public static PemPair CreateOlderCa(string name)
    {
        using var key = RSA.Create(KeyBits);
        return SelfSign(Name(("2.5.4.3", name)), KopsSerial.New(), key);
    }

    /// <summary>A client certificate of <c>system:masters</c>, as <c>export kubecfg --admin</c> issues it.</summary>
    public static PemPair IssueAdmin(PemPair ca, string user, TimeSpan lifetime)
    {
        using var key = RSA.Create(KeyBits);
        using X509Certificate2 issuer = Read(ca.Certificate);
        using AsymmetricAlgorithm signer = PemKeys.Read(ca.PrivateKey!);
        CertificateRequest request = Request(Name(("2.5.4.10", "system:masters"), ("2.5.4.3", user.Length == 0 ? "kubecfg" : $"kubecfg-{user}")), key, signer);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        if (issuer.Extensions.OfType<X509SubjectKeyIdentifierExtension>().FirstOrDefault() is { } identifier)
            request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromSubjectKeyIdentifier(identifier.SubjectKeyIdentifierBytes.Span));
        var serial = new BigInteger(RandomNumberGenerator.GetBytes((RandomSerialBits + 7) / 8), isUnsigned: true) | (BigInteger.One << (RandomSerialBits - 1));
        serial &= (BigInteger.One << RandomSerialBits) - 1;
        return new PemPair(serial.ToString(CultureInfo.InvariantCulture), Sign(request, issuer.SubjectName, signer, lifetime, serial), PemKeys.Text(key));
    }

    /// <summary>Parses the first certificate of a text. Throws <see cref="CryptographicException"/> when there is none.</summary>
    public static X509Certificate2 Read(string pem) => X509Certificate2.CreateFromPem(pem);

    /// <summary>A certificate's serial number.</summary>
    public static BigInteger SerialOf(X509Certificate2 certificate) => new(certificate.SerialNumberBytes.Span, isUnsigned: false, isBigEndian: true);

    /// <summary>A certificate as kops stores it: one, with a line break at its end.</summary>
    public static string Text(X509Certificate2 certificate) => certificate.ExportCertificatePem() + "\n";

    private static CertificateRequest Request(X500DistinguishedName name, AsymmetricAlgorithm key, AsymmetricAlgorithm signer) => new(name, new PublicKey(key), HashOf(signer), RSASignaturePadding.Pkcs1);

    private static string Sign(CertificateRequest request, X500DistinguishedName issuer, AsymmetricAlgorithm key, TimeSpan lifetime, BigInteger serial)
    {
        X509SignatureGenerator generator = key is RSA rsa ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1) : X509SignatureGenerator.CreateForECDsa((ECDsa)key);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.Create(issuer, generator, now - Before, now + lifetime, serial.ToByteArray(isUnsigned: true, isBigEndian: true));
        return Text(certificate);
    }

    // As Go chooses it: by the key that signs.
    private static HashAlgorithmName HashOf(AsymmetricAlgorithm key) => key is ECDsa ? key.KeySize switch { <= 256 => HashAlgorithmName.SHA256, <= 384 => HashAlgorithmName.SHA384, _ => HashAlgorithmName.SHA512 } : HashAlgorithmName.SHA256;

    // Printable strings, in the order in which Go writes them; the builder writes what was added last first.
    private static X500DistinguishedName Name(params (string Type, string Value)[] parts)
    {
        var name = new X500DistinguishedNameBuilder();
        foreach ((string type, string value) in parts.Reverse())
            name.Add(type, value, UniversalTagNumber.PrintableString);
        return name.Build();
    }
}
