using System.Security.Cryptography.X509Certificates;
using Rotation.Activities.Trust;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>Certificates that the API servers and kubelets serve.</summary>
internal sealed class ServedSource(Servers servers, TrustReads reads, NodeProbe probe) : IFactSource
{
    private const int HandshakesAtOnce = 16;

    public string Unread => "served-certificates-unreadable";

    public FindingSeverity Severity => FindingSeverity.Warning;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct)
    {
        ClusterRef cluster = facts.Input.Cluster;
        KeysetState keyset = await reads.Keysets.ReadAsync(cluster, "kubernetes-ca", ct).ConfigureAwait(false);
        var names = new KeypairNames(keyset, (await reads.Credential.GetAsync(cluster, ct).ConfigureAwait(false)).CaCertificates(cluster.Name));
        IReadOnlyList<ServerAddress> found = await servers.FindAsync(cluster, ct).ConfigureAwait(false);
        var served = new ServedCertificate?[found.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = HandshakesAtOnce, CancellationToken = ct };
        await Parallel.ForAsync(0, found.Count, limits, async (i, token) => served[i] = await LookAsync(found[i], names, token).ConfigureAwait(false)).ConfigureAwait(false);
        return facts with { Served = [.. served.OfType<ServedCertificate>()] };
    }

    // A node that does not answer here is not ready or behind a firewall; other checks say so where it matters.
    private async Task<ServedCertificate?> LookAsync(ServerAddress server, KeypairNames names, CancellationToken ct)
    {
        try
        {
            if (server.Address is null)
                return null;
            Handshake handshake = await probe.LookAsync(server.Address, ct).ConfigureAwait(false);
            using X509Certificate2 certificate = handshake.Served;
            return new(server.Node, server.Component, new(certificate.NotAfter.ToUniversalTime()), names.IssuerOf(certificate));
        }
        catch (IOException)
        {
            return null;
        }
    }
}
