using System.Collections.Concurrent;
using Rotation.Activities.Hosting;
using Rotation.Activities.Keysets;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>
/// The worker's own admin kubeconfig, issued by kops for an hour. Renewed when half of that is over and whenever the keyset <c>kubernetes-ca</c> is not as it
/// was at its issue: a credential from a CA that was distrusted meanwhile is what broke others (kops #12032).
/// </summary>
internal sealed class WorkerCredential(KubeconfigExporter exporter, KeysetReader keysets, RotationOptions options, TimeProvider clock)
{
    private static readonly KopsDuration Lifetime = KopsDuration.FromHours(1);

    private readonly ConcurrentDictionary<string, Issued> _issued = new(StringComparer.Ordinal);

    /// <summary>A kubeconfig that works now, its server replaced where the worker's configuration says so.</summary>
    public async Task<Kubeconfig> GetAsync(ClusterRef cluster, CancellationToken ct)
    {
        string state = await keysets.StampAsync(cluster, "kubernetes-ca", ct).ConfigureAwait(false);
        string key = $"{cluster.StateStore} {cluster.Name}";
        if (_issued.TryGetValue(key, out Issued? issued) && issued.State == state && clock.GetUtcNow() < issued.RenewAt)
            return issued.Kubeconfig;

        DateTimeOffset renewAt = clock.GetUtcNow() + (Lifetime.Value / 2);
        Kubeconfig fresh = await exporter.ExportAdminAsync(cluster, Lifetime, ct).ConfigureAwait(false);
        if (options.Clusters.TryGetValue(cluster.Name, out ClusterOptions? special) && special.ApiServerAddress is { } address)
            fresh.ConnectTo(cluster.Name, address);
        _issued[key] = new(fresh, state, renewAt);
        return fresh;
    }

    private sealed record Issued(Kubeconfig Kubeconfig, string State, DateTimeOffset RenewAt);
}
