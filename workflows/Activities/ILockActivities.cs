using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Says which cluster a request means.</summary>
public interface ILockActivities
{
    /// <summary>
    /// Name and state store of the cluster, the store as every request for it comes to write it: the worker's own where the request names none. Touches neither. Fails with
    /// <c>StateStoreInvalid</c>, not retried, when neither names one.
    /// </summary>
    [Activity]
    Task<ClusterIdentity> IdentifyClusterAsync(ClusterRef cluster);
}

/// <summary>What a cluster is told from others by.</summary>
/// <param name="Cluster">kOps cluster name.</param>
/// <param name="StateStore">State store, without a slash at its end.</param>
public sealed record ClusterIdentity(string Cluster, string StateStore);
