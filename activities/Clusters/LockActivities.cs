using Rotation.Activities.Stores;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Clusters;

/// <inheritdoc cref="ILockActivities" />
internal sealed class LockActivities(StateStores stores) : ILockActivities
{
    /// <inheritdoc />
    [Activity]
    public Task<ClusterIdentity> IdentifyClusterAsync(ClusterRef cluster) => Task.FromResult(new ClusterIdentity(cluster.Name, stores.IdentityOf(cluster)));
}
