using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>
/// The life of one node in a rolling update, each action retried on its own. Every action finds what an earlier attempt did and takes it as done:
/// a node already cordoned, drained, detached or gone is not an error.
/// </summary>
public interface INodeActivities
{
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
    /// Marks the node unschedulable, evicts its pods, honouring PodDisruptionBudgets, and waits until they are gone. Heartbeats with counts. Fails with <c>DrainTimedOut</c>, not
    /// retried, naming the pods that are left.
    /// </summary>
    [Activity]
    Task<DrainResult> DrainNodeAsync(DrainNodeInput input);

    /// <summary>Terminates the instance and deletes its node object. Idempotent: an instance that is gone is done.</summary>
    [Activity]
    Task TerminateInstanceAsync(NodeInput input);

    /// <summary>
    /// Waits until the group has its desired number of instances that are joined and ready, and then until the cluster validates
    /// <see cref="AwaitGroupInput.ValidateCount"/> times in a row. Heartbeats. Fails after <see cref="AwaitGroupInput.Timeout"/>, not retried, with
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
