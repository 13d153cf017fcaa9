using Rotation.Activities.Keysets;
using Rotation.Activities.Stores;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Clusters;

/// <summary>The three ways in which a cluster is read: its specification and instances through kops, its keysets independent of kops.</summary>
/// <param name="Specs">The specification.</param>
/// <param name="Instances">The instances.</param>
/// <param name="Keysets">The keysets.</param>
/// <param name="Stores">The state stores.</param>
internal sealed record ClusterReads(ClusterSpecs Specs, InstanceReader Instances, KeysetReader Keysets, StateStores Stores)
{
    /// <summary>Address of the cluster's state store.</summary>
    public string StateStoreOf(ClusterRef cluster) => Stores.AddressOf(cluster);
}
