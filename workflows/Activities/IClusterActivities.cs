using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Reads a cluster through kops and the state store, and applies its specification with <c>kops update cluster</c>.</summary>
public interface IClusterActivities
{
    /// <summary>Reads cluster, instance groups and the kops version. Reads only. Fails with <c>ClusterNotFound</c> or <c>KopsVersionUnknown</c>, not retried.</summary>
    [Activity]
    Task<ClusterFacts> ReadClusterAsync(ClusterRef cluster);

    /// <summary>Reads every keyset that kops can rotate, from the state store itself, independent of kops. Reads only. Fails with <c>KeysetUnreadable</c> naming file and field.</summary>
    [Activity]
    Task<KeysetList> ReadKeysetsAsync(ClusterRef cluster);

    /// <summary>Runs <c>kops update cluster</c> without <c>--yes</c> and says what it would change. Reads only.</summary>
    [Activity]
    Task<UpdatePreview> PreviewUpdateAsync(ClusterRef cluster);

    /// <summary>
    /// Runs <c>kops update cluster --yes</c>, once more when kops says that a <c>ca</c> key is missing. Idempotent: with nothing to change it changes nothing.
    /// Returns the instances that need the update afterwards, so that the caller can compare with its plan.
    /// </summary>
    [Activity]
    Task<UpdateResult> UpdateClusterAsync(ClusterRef cluster);

    /// <summary>Reads the instances of every instance group and whether they need the update. Reads only.</summary>
    [Activity]
    Task<InstanceList> ReadInstancesAsync(ClusterRef cluster);
}

/// <summary>What an update left to do.</summary>
/// <param name="NeedUpdate">Ids of the instances that now need the update, sorted.</param>
public sealed record UpdateResult(IReadOnlyList<string> NeedUpdate);

/// <summary>What an update would change.</summary>
/// <param name="Changes">Things that it would create, modify or delete.</param>
/// <param name="Names">Their names as kops prints them, such as <c>LaunchTemplate/nodes.example.com</c>, sorted; at most 50.</param>
public sealed record UpdatePreview(int Changes, IReadOnlyList<string> Names);

/// <summary>Instances of a cluster, sorted by instance group and id.</summary>
/// <param name="Instances">The instances.</param>
public sealed record InstanceList(IReadOnlyList<InstanceState> Instances);

/// <summary>One instance of an instance group.</summary>
public sealed record InstanceState
{
    /// <summary>Id in the cloud, such as <c>i-0abc…</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Name of its Kubernetes node, or null while it has not joined.</summary>
    public string? NodeName { get; init; }

    /// <summary>Name of its instance group.</summary>
    public string InstanceGroup { get; init; } = "";

    /// <summary>Role of its instance group.</summary>
    public InstanceGroupRole Role { get; init; }

    /// <summary>Zone, such as <c>us-east-1a</c>.</summary>
    public string Zone { get; init; } = "";

    /// <summary>True when it runs an older launch-template version than its group has now.</summary>
    public bool NeedsUpdate { get; init; }

    /// <summary>True when it was detached from its group to surge, and still runs.</summary>
    public bool Detached { get; init; }
}
