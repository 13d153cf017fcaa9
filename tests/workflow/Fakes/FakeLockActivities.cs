using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>Identifies clusters as a worker does whose configuration has a state store.</summary>
internal sealed class FakeLockActivities : ILockActivities
{
    public const string DefaultStore = "s3://default";

    [Activity]
    public Task<ClusterIdentity> IdentifyClusterAsync(ClusterRef cluster) => Task.FromResult(new ClusterIdentity(cluster.Name, cluster.StateStore ?? DefaultStore));
}
