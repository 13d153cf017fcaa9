using System.Text;
using Rotation.Activities.Stores;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Clusters;

/// <summary>Reads which kops last updated a cluster: <c>kops-version.txt</c>, which <c>kops update cluster --yes</c> writes.</summary>
internal sealed class LastUpdates(StateStores stores)
{
    /// <summary>The version, such as <c>1.26.6</c>; empty when the cluster was never updated.</summary>
    public async Task<string> ReadAsync(ClusterRef cluster, CancellationToken ct) =>
        await stores.For(cluster).ReadAsync($"{cluster.Name}/kops-version.txt", ct).ConfigureAwait(false) is { } content ? Encoding.UTF8.GetString(content).Trim() : "";

    /// <summary>Address of the cluster's state store.</summary>
    public string StateStoreOf(ClusterRef cluster) => stores.AddressOf(cluster);
}
