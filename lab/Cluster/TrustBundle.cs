using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;

namespace Rotation.Lab.Cluster;

/// <summary>The CA certificates that something trusts, fixed when it was made: a node's bundle as of its boot.</summary>
internal sealed class TrustBundle
{
    private readonly HashSet<string> _thumbprints;
    private readonly ConcurrentDictionary<string, (bool Trusted, string Reason)> _seen = new(StringComparer.Ordinal);

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

    /// <summary>Whether a certificate seen on the wire chains to the bundle and is valid now. The same certificates are seen all the time, so the chain is built once.</summary>
    public bool Verifies(X509Certificate2 certificate, out string reason)
    {
        var known = _seen.GetOrAdd(certificate.Thumbprint, _ => (Verify(certificate, out var why), why));
        reason = known.Reason;
        if (!known.Trusted || certificate.NotAfter > DateTime.Now)
            return known.Trusted;
        reason = nameof(X509ChainStatusFlags.NotTimeValid);
        return false;
    }

    private bool Verify(X509Certificate2 certificate, out string reason)
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
