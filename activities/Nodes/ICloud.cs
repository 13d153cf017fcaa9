using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>What the rolling update needs of a cloud. Every member may be repeated; "already gone" is done. Fails with <c>CloudUnavailable</c> or <c>CloudRefused</c>.</summary>
internal interface ICloud
{
    /// <summary>Every instance group's realisation in the cloud.</summary>
    Task<IReadOnlyList<CloudGroup>> GroupsAsync(ClusterRef cluster, CancellationToken ct);

    /// <summary>Instances that were detached from their groups to surge and still run, by the group's name in the cloud.</summary>
    Task<IReadOnlyDictionary<string, IReadOnlyList<CloudInstance>>> DetachedAsync(ClusterRef cluster, CancellationToken ct);

    /// <summary>Takes an instance out of its group, which starts a replacement; the instance runs on.</summary>
    Task DetachAsync(ClusterRef cluster, string instanceGroup, string instanceId, CancellationToken ct);

    /// <summary>Takes an instance out of the target groups and classic load balancers of its group, so that no new connection reaches it. One that is not in any is done.</summary>
    Task DeregisterAsync(ClusterRef cluster, string instanceGroup, string instanceId, CancellationToken ct);

    /// <summary>Ends an instance.</summary>
    Task TerminateAsync(ClusterRef cluster, string instanceId, CancellationToken ct);
}

/// <summary>An instance group in the cloud.</summary>
/// <param name="InstanceGroup">Name of the instance group.</param>
/// <param name="CloudName">Name in the cloud.</param>
/// <param name="DesiredCount">Instances wanted.</param>
/// <param name="Instances">Its instances, those that are ending left out.</param>
internal sealed record CloudGroup(string InstanceGroup, string CloudName, int DesiredCount, IReadOnlyList<CloudInstance> Instances);

/// <summary>An instance in the cloud.</summary>
/// <param name="Id">Id.</param>
/// <param name="Zone">Zone.</param>
/// <param name="UpToDate">True when it was started from the version that its group has now.</param>
/// <param name="InService">True when the cloud says that it runs.</param>
internal sealed record CloudInstance(string Id, string Zone, bool UpToDate, bool InService);
