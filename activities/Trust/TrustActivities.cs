using System.Security.Cryptography.X509Certificates;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Trust;

/// <summary>Looks at what the nodes themselves serve and trust.</summary>
internal sealed class TrustActivities(Servers servers, TrustReads reads, NodeProbe probe, OldCredential old, RotationOptions options) : ITrustActivities
{
    private const int HandshakesAtOnce = 16;

    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<TrustMatrix> ReadTrustAsync(ClusterRef cluster)
    {
        await using Pulse pulse = Pulse.Start($"reads the trust of {cluster.Name}", options.Deadlines.Poll);
        KeypairNames names = await NamesAsync(cluster).ConfigureAwait(false);
        IReadOnlyList<ServerAddress> found = await servers.FindAsync(cluster, Token).ConfigureAwait(false);
        var seen = new ServerTrust[found.Count];
        var limits = new ParallelOptions { MaxDegreeOfParallelism = HandshakesAtOnce, CancellationToken = Token };
        await Parallel.ForAsync(0, found.Count, limits, async (i, ct) => seen[i] = await LookAsync(found[i], names, ct).ConfigureAwait(false)).ConfigureAwait(false);
        return new(seen);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<RefusalProof> ProveRefusedAsync(ProveRefusedInput input)
    {
        await using Pulse pulse = Pulse.Start($"tries old credentials on {input.Cluster.Name}", options.Deadlines.Poll);
        KeypairNames names = await NamesAsync(input.Cluster).ConfigureAwait(false);
        ServerAddress[] apiServers = [.. (await servers.FindAsync(input.Cluster, Token).ConfigureAwait(false)).Where(s => s is { Component: "kube-apiserver", Address: not null })];
        List<RefusalAttempt> attempts = [];
        foreach ((string sink, _) in reads.Sinks.Choose(input.Sinks))
        {
            byte[]? kept = await reads.Copies.FindAsync(input.Cluster.Rotation, input.Step, sink, Token).ConfigureAwait(false);
            if (kept is not { Length: > 0 })
                continue;
            using X509Certificate2? credential = Kubeconfig.Parse(kept, $"The kept copy of sink '{sink}'").ClientCertificate(input.Cluster.Name);
            foreach (ServerAddress server in credential is null ? [] : apiServers)
            {
                (bool refused, string how) = await old.TryAsync(server.Address!, credential!, Token).ConfigureAwait(false);
                attempts.Add(new(sink, server.Node, refused, how) { IssuedBy = names.IssuerOf(credential!) });
            }
        }

        return new(attempts);
    }

    private async Task<KeypairNames> NamesAsync(ClusterRef cluster)
    {
        KeysetState keyset = await reads.Keysets.ReadAsync(cluster, "kubernetes-ca", Token).ConfigureAwait(false);
        return new(keyset, (await reads.Credential.GetAsync(cluster, Token).ConfigureAwait(false)).CaCertificates(cluster.Name));
    }

    private async Task<ServerTrust> LookAsync(ServerAddress server, KeypairNames names, CancellationToken ct)
    {
        var trust = new ServerTrust { Node = server.Node, Component = server.Component };
        if (server.Address is null)
            return trust with { Unreadable = "the node says no address" };
        try
        {
            Handshake handshake = await probe.LookAsync(server.Address, ct).ConfigureAwait(false);
            using (handshake.Served)
                return trust with { ServedBy = names.IssuerOf(handshake.Served), Accepts = names.IdsOf(handshake.AcceptableIssuers) };
        }
        catch (IOException e)
        {
            return trust with { Unreadable = e.Message };
        }
    }
}
