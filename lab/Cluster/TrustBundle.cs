using System.Security.Cryptography.X509Certificates;

namespace Rotation.Lab.Cluster;

/// <summary>The CA certificates that something trusts, fixed when it was made: a node's bundle as of its boot.</summary>
internal sealed class TrustBundle
{
    private readonly HashSet<string> _thumbprints;

    public TrustBundle(string pem)
    {
        Pem = pem;
        Certificates.ImportFromPem(pem);
        _thumbprints = Certificates.Select(c => c.Thumbprint).ToHashSet(StringComparer.Ordinal);
    }

    public string Pem { get; }

    public X509Certificate2Collection Certificates { get; } = [];

    /// <summary>Whether the CA with that thumbprint is in the bundle: enough between parts of the lab, which know who issued what.</summary>
    public bool Contains(string authorityThumbprint) => _thumbprints.Contains(authorityThumbprint);

    /// <summary>Whether a certificate seen on the wire chains to the bundle and is valid now.</summary>
    public bool Verifies(X509Certificate2 certificate, out string reason)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(Certificates);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        var trusted = chain.Build(certificate);
        reason = trusted ? "" : string.Join(", ", chain.ChainStatus.Select(s => s.Status).Distinct());
        return trusted;
    }
}
