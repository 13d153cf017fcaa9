using System.Security.Cryptography;
using Org.BouncyCastle.Asn1;
using Org.BouncyCastle.Asn1.X509;
using Org.BouncyCastle.Crypto;
using Org.BouncyCastle.Crypto.Operators;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.OpenSsl;
using Org.BouncyCastle.Security;
using Org.BouncyCastle.X509;
using Org.BouncyCastle.X509.Extension;

namespace Rotation.Lab.Pki;

/// <summary>Certificates with the names, extensions and times that kops gives them.</summary>
internal static class KopsCertificates
{
    private const int KeyBits = 2048;
    private static readonly TimeSpan Before = TimeSpan.FromDays(2);
    private static readonly TimeSpan CaLifetime = TimeSpan.FromDays(3650);
    private static readonly SecureRandom Entropy = new();

    /// <summary>A new self-signed CA of a keyset with a new RSA 2048 key. Its serial number is the keypair's id.</summary>
    public static PemPair CreateCa(string keyset)
    {
        using var key = RSA.Create(KeyBits);
        return SelfSign(keyset, key.ExportRSAPrivateKeyPem());
    }

    /// <summary>A new self-signed CA of a keyset over a key that somebody brought.</summary>
    public static PemPair SelfSign(string keyset, string privateKeyPem)
    {
        string id = KopsSerial.New();
        AsymmetricCipherKeyPair keys = ReadKey(privateKeyPem);
        X509Name name = Name((X509Name.CN, keyset), (X509Name.SerialNumber, id));
        X509V3CertificateGenerator generator = Begin(id, name, name, keys.Public, CaLifetime);
        generator.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(KeyUsage.KeyCertSign | KeyUsage.CrlSign));
        generator.AddExtension(X509Extensions.BasicConstraints, critical: true, new BasicConstraints(cA: true));
        generator.AddExtension(X509Extensions.SubjectKeyIdentifier, critical: false, X509ExtensionUtilities.CreateSubjectKeyIdentifier(keys.Public));
        return new PemPair(id, Sign(generator, keys.Private), privateKeyPem);
    }

    /// <summary>A client certificate of <c>system:masters</c>, as <c>export kubecfg --admin</c> issues it.</summary>
    public static PemPair IssueAdmin(PemPair ca, string user, TimeSpan lifetime)
    {
        using var key = RSA.Create(KeyBits);
        string privateKey = key.ExportRSAPrivateKeyPem();
        X509Certificate issuer = ReadCertificate(ca.Certificate);
        string serial = new BigInteger(127, Entropy).SetBit(126).ToString();
        X509Name subject = Name((X509Name.O, "system:masters"), (X509Name.CN, $"kubecfg-{user}"));
        X509V3CertificateGenerator generator = Begin(serial, issuer.SubjectDN, subject, ReadKey(privateKey).Public, lifetime);
        generator.AddExtension(X509Extensions.KeyUsage, critical: true, new KeyUsage(KeyUsage.DigitalSignature));
        generator.AddExtension(X509Extensions.ExtendedKeyUsage, critical: false, new ExtendedKeyUsage(KeyPurposeID.id_kp_clientAuth));
        generator.AddExtension(X509Extensions.BasicConstraints, critical: true, new BasicConstraints(cA: false));
        generator.AddExtension(X509Extensions.AuthorityKeyIdentifier, critical: false, X509ExtensionUtilities.CreateAuthorityKeyIdentifier(issuer));
        return new PemPair(serial, Sign(generator, ReadKey(ca.PrivateKey!).Private), privateKey);
    }

    /// <summary>Parses a certificate.</summary>
    public static X509Certificate ReadCertificate(string pem) =>
        new X509CertificateParser().ReadCertificate(System.Text.Encoding.ASCII.GetBytes(pem)) ?? throw new InvalidDataException("There is no certificate in the text.");

    private static AsymmetricCipherKeyPair ReadKey(string pem)
    {
        using var reader = new StringReader(pem);
        return new PemReader(reader).ReadObject() switch
        {
            AsymmetricCipherKeyPair pair => pair,
            RsaPrivateCrtKeyParameters rsa => new AsymmetricCipherKeyPair(new RsaKeyParameters(false, rsa.Modulus, rsa.PublicExponent), rsa),
            ECPrivateKeyParameters ec => new AsymmetricCipherKeyPair(new ECPublicKeyParameters(ec.Parameters.G.Multiply(ec.D), ec.Parameters), ec),
            _ => throw new InvalidDataException("There is no private key in the text."),
        };
    }

    private static X509V3CertificateGenerator Begin(string serial, X509Name issuer, X509Name subject, AsymmetricKeyParameter publicKey, TimeSpan lifetime)
    {
        DateTime now = DateTime.UtcNow;
        var generator = new X509V3CertificateGenerator();
        generator.SetSerialNumber(new BigInteger(serial));
        generator.SetIssuerDN(issuer);
        generator.SetSubjectDN(subject);
        generator.SetNotBefore(now - Before);
        generator.SetNotAfter(now + lifetime);
        generator.SetPublicKey(publicKey);
        return generator;
    }

    private static string Sign(X509V3CertificateGenerator generator, AsymmetricKeyParameter key)
    {
        string algorithm = key is ECPrivateKeyParameters ? "SHA256WITHECDSA" : "SHA256WITHRSA";
        byte[] der = generator.Generate(new Asn1SignatureFactory(algorithm, key, Entropy)).GetEncoded();
        return PemEncoding.WriteString("CERTIFICATE", der) + "\n";
    }

    // Printable strings, in the order in which Go writes them.
    private static X509Name Name(params (DerObjectIdentifier Type, string Value)[] parts) =>
        X509Name.GetInstance(DerSequence.FromCollection([.. parts.Select(p => (Asn1Encodable)new DerSet(new DerSequence(p.Type, new DerPrintableString(p.Value))))]));
}
