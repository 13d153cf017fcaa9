using Rotation.Activities.Keysets;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Clusters;

/// <summary>The ways in which a cluster is read: specification, instances and pending changes through kops, keysets and last update independent of kops.</summary>
/// <param name="Specs">The specification.</param>
/// <param name="Instances">The instances.</param>
/// <param name="Keysets">The keysets.</param>
/// <param name="LastUpdates">Which kops updated the cluster last.</param>
/// <param name="Previews">What an update would change.</param>
internal sealed record ClusterReads(ClusterSpecs Specs, InstanceReader Instances, KeysetReader Keysets, LastUpdates LastUpdates, UpdatePreviews Previews)
{
    /// <summary>Address of the cluster's state store.</summary>
    public string StateStoreOf(ClusterRef cluster) => LastUpdates.StateStoreOf(cluster);
}
