using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>
/// The life of one node in a rolling update, each action retried on its own. Every action finds what an earlier attempt did and takes it as done:
/// a node already cordoned, drained, detached or gone is not an error.
/// </summary>
public interface INodeActivities
{
    /// <summary>
    /// Reads the instances of every instance group from the cloud, those that were detached among them, with their zones, whether they need the update, and their nodes. Reads only.
    /// Works while the API does not answer, with <see cref="FleetInput.CloudOnly"/>.
    /// </summary>
    [Activity]
    Task<InstanceList> ReadFleetAsync(FleetInput input);

    /// <summary>Tells cluster-autoscaler not to scale down any node there is, by its annotation; nodes that somebody else has annotated are left alone. Idempotent. Returns how many nodes are held.</summary>
    [Activity]
    Task<int> HoldScaleDownAsync(ClusterRef cluster);

    /// <summary>Takes back what <see cref="HoldScaleDownAsync"/> did, also of an earlier roll that could not. Idempotent. Returns how many nodes were held.</summary>
    [Activity]
    Task<int> ReleaseScaleDownAsync(ClusterRef cluster);

    /// <summary>Taints nodes as kops does before it rolls them, so that evicted pods rather go elsewhere, or takes the taint back. Idempotent; nodes that are gone are done.</summary>
    [Activity]
    Task TaintNodesAsync(TaintNodesInput input);

    /// <summary>Detaches the instance from its group so that the group starts a replacement before the instance goes (surge). Idempotent.</summary>
    [Activity]
    Task DetachInstanceAsync(NodeInput input);

    /// <summary>Marks the node unschedulable. Idempotent; a node that is gone is done.</summary>
    [Activity]
    Task CordonNodeAsync(NodeInput input);

    /// <summary>Takes the mark back. Idempotent.</summary>
    [Activity]
    Task UncordonNodeAsync(NodeInput input);

    /// <summary>
    /// Marks the node unschedulable and takes it out of load balancers, evicts its pods, honouring PodDisruptionBudgets and never two of one StatefulSet at once, and waits until they
    /// are gone and their volumes detached. Heartbeats with counts. Fails with <c>DrainTimedOut</c>, not retried, naming what is left.
    /// </summary>
    [Activity]
    Task<DrainResult> DrainNodeAsync(DrainNodeInput input);

    /// <summary>Terminates the instance and deletes its node object. Idempotent: an instance that is gone is done.</summary>
    [Activity]
    Task TerminateInstanceAsync(NodeInput input);

    /// <summary>
    /// Waits until the group has as many good instances as it should by now, joined and ready, and then until the cluster validates
    /// <see cref="AwaitGroupInput.ValidateCount"/> times in a row. Woken by a watch on nodes. Heartbeats. Fails after <see cref="AwaitGroupInput.Timeout"/>, not retried, with
    /// <c>ReplacementMissing</c>, or with <c>ValidationFailed</c> when only validation was wanting.
    /// </summary>
    [Activity]
    Task<InstanceList> AwaitGroupAsync(AwaitGroupInput input);

    /// <summary>Validates the cluster as <c>kops validate cluster</c> does: nodes ready, system pods running, API and etcd healthy. Reads only; findings are a result, not a failure.</summary>
    [Activity]
    Task<ValidationResult> ValidateClusterAsync(ClusterRef cluster);
}

/// <summary>One instance and its node.</summary>
public sealed record NodeInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>The instance, as it was when the roll was planned.</summary>
    public InstanceState Instance { get; init; } = new();

    /// <summary>Leave the Kubernetes API alone: it may not answer.</summary>
    public bool CloudOnly { get; init; }
}

/// <summary>A node to drain.</summary>
public sealed record DrainNodeInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>The instance, as it was when the roll was planned.</summary>
    public InstanceState Instance { get; init; } = new();

    /// <summary>How long evictions may take in all. Default 15 minutes, as kOps.</summary>
    public KopsDuration Timeout { get; init; } = KopsDuration.FromMinutes(15);

    /// <summary>Time left to the node after its last pod has gone. Default none.</summary>
    public KopsDuration PostDrainDelay { get; init; }

    /// <summary>Delete pods that a PodDisruptionBudget holds back, when half of <see cref="Timeout"/> is over. Only when two people have said so. Default false.</summary>
    public bool Force { get; init; }
}

/// <summary>Which instances to read.</summary>
public sealed record FleetInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Leave the Kubernetes API alone: it may not answer. Then no node has a name.</summary>
    public bool CloudOnly { get; init; }
}

/// <summary>Nodes to taint.</summary>
public sealed record TaintNodesInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Ids of their instances.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>Take the taint back.</summary>
    public bool Remove { get; init; }
}

/// <summary>What a drain did.</summary>
/// <param name="Evicted">Pods evicted by this attempt.</param>
/// <param name="Skipped">Pods left where they are because a DaemonSet or a static manifest owns them.</param>
public sealed record DrainResult(int Evicted, int Skipped);

/// <summary>An instance group to wait for.</summary>
public sealed record AwaitGroupInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Name of the instance group.</summary>
    public string InstanceGroup { get; init; } = "";

    /// <summary>Role of the group, where the caller knows it; null: asked of kops.</summary>
    public InstanceGroupRole? Role { get; init; }

    /// <summary>Ids of instances that must be gone.</summary>
    public IReadOnlyList<string> Gone { get; init; } = [];

    /// <summary>
    /// Instances of the group that are allowed to be as old ones are: of the desired number, all others must be new and ready. Null: every desired one must be ready, old or new.
    /// So one replacement is waited for while others of the same group are under way.
    /// </summary>
    public int? OldLeft { get; init; }

    /// <summary>Ids of old instances, where they cannot be told from new ones by their version.</summary>
    public IReadOnlyList<string> Old { get; init; } = [];

    /// <summary>Worker machines that may be missing or not ready while the cluster validates, because they are being replaced as well. Default 0.</summary>
    public int Tolerate { get; init; }

    /// <summary>Least time to wait. Default none.</summary>
    public KopsDuration Interval { get; init; }

    /// <summary>Keep cluster-autoscaler from scaling down the group's nodes, as <see cref="INodeActivities.HoldScaleDownAsync"/> does. Default false.</summary>
    public bool HoldScaleDown { get; init; }

    /// <summary>How long to wait. Default 15 minutes, as kOps' validation timeout.</summary>
    public KopsDuration Timeout { get; init; } = KopsDuration.FromMinutes(15);

    /// <summary>How often in a row the cluster must validate once the group is complete. Default 0: not asked.</summary>
    public int ValidateCount { get; init; }

    /// <summary>Leave the Kubernetes API alone: it may not answer.</summary>
    public bool CloudOnly { get; init; }
}

/// <summary>What validation found.</summary>
/// <param name="Findings">Failures in words, empty when the cluster is healthy.</param>
public sealed record ValidationResult(IReadOnlyList<string> Findings);
