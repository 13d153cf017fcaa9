using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Rotation.Lab.Cluster;

/// <summary>One keypair of a CA keyset with its private key, RSA or ECDSA: issues what a node's components need.</summary>
internal sealed class Authority
{
    private const string EcPublicKey = "1.2.840.10045.2.1";
    private static readonly Oid ServerAuth = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuth = new("1.3.6.1.5.5.7.3.2");
    private readonly AsymmetricAlgorithm _key;
    private readonly X509SignatureGenerator _signer;
    private readonly Lock _signing = new();

    public Authority(string id, string certificatePem, string privateKeyPem)
    {
        Id = id;
        Certificate = X509Certificate2.CreateFromPem(certificatePem);
        _key = Certificate.PublicKey.Oid.Value == EcPublicKey ? ECDsa.Create() : RSA.Create();
        _key.ImportFromPem(privateKeyPem);
        _signer = _key is ECDsa curve ? X509SignatureGenerator.CreateForECDsa(curve) : X509SignatureGenerator.CreateForRSA((RSA)_key, RSASignaturePadding.Pkcs1);
    }

    public string Id { get; }

    public X509Certificate2 Certificate { get; }

    public string Thumbprint => Certificate.Thumbprint;

    /// <summary>A certificate for both sides of a connection; a new P-256 key, because 1,000 kubelets boot in one process.</summary>
    public X509Certificate2 Issue(string commonName, string? organization, IReadOnlyList<string> dnsNames, bool loopback)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        if (organization is not null)
            subject.AddOrganizationName(organization);
        subject.AddCommonName(commonName);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([ServerAuth, ClientAuth], critical: false));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        if (dnsNames.Count > 0 || loopback)
            request.CertificateExtensions.Add(AlternativeNames(dnsNames, loopback));
        return Sign(request).CopyWithPrivateKey(key);
    }

    private static X509Extension AlternativeNames(IReadOnlyList<string> dnsNames, bool loopback)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var name in dnsNames)
            names.AddDnsName(name);
        if (loopback)
            names.AddIpAddress(System.Net.IPAddress.Loopback);
        return names.Build();
    }

    private X509Certificate2 Sign(CertificateRequest request)
    {
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7f) | 0x01);
        var now = DateTimeOffset.UtcNow;
        var end = now.AddDays(455) < Certificate.NotAfter ? now.AddDays(455) : new DateTimeOffset(Certificate.NotAfter);
        lock (_signing)
            return request.Create(Certificate.SubjectName, _signer, now.AddDays(-2), end, serial);
    }
}
