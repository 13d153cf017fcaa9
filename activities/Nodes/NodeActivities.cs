using k8s.Models;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Nodes;

/// <summary>The life of one node in a rolling update. Each action takes what it finds done as done.</summary>
internal sealed class NodeActivities(ICloud cloud, KubernetesNodes nodes, GroupWatch groups, RotationOptions options) : INodeActivities
{
    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public Task DetachInstanceAsync(NodeInput input) => cloud.DetachAsync(input.Cluster, input.Instance.InstanceGroup, input.Instance.Id, Token);

    /// <inheritdoc/>
    [Activity]
    public Task CordonNodeAsync(NodeInput input) => MarkAsync(input, unschedulable: true);

    /// <inheritdoc/>
    [Activity]
    public Task UncordonNodeAsync(NodeInput input) => MarkAsync(input, unschedulable: false);

    /// <inheritdoc/>
    [Activity]
    public async Task<DrainResult> DrainNodeAsync(DrainNodeInput input)
    {
        if (await NodeOfAsync(input.Cluster, input.Instance).ConfigureAwait(false) is not { } node)
            return new(0, 0);
        await nodes.SetUnschedulableAsync(input.Cluster, node, unschedulable: true, Token).ConfigureAwait(false);
        return await new Drain(nodes, options.Deadlines.Poll).RunAsync(input, node, Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task TerminateInstanceAsync(NodeInput input)
    {
        await using Pulse pulse = Pulse.Start($"terminates {input.Instance.Id}", options.Deadlines.Poll);
        string? node = input.CloudOnly || input.Instance.Role == InstanceGroupRole.Bastion ? null : await NodeOfAsync(input.Cluster, input.Instance).ConfigureAwait(false);
        await cloud.TerminateAsync(input.Cluster, input.Instance.Id, Token).ConfigureAwait(false);
        if (node is not null)
            await nodes.DeleteNodeAsync(input.Cluster, node, Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public Task<InstanceList> AwaitGroupAsync(AwaitGroupInput input) => groups.AwaitAsync(input, Token);

    /// <inheritdoc/>
    [Activity]
    public async Task<ValidationResult> ValidateClusterAsync(ClusterRef cluster)
    {
        await using Pulse pulse = Pulse.Start($"validates {cluster.Name}", options.Deadlines.Poll);
        return new(await groups.FindingsAsync(cluster, Token).ConfigureAwait(false));
    }

    private async Task MarkAsync(NodeInput input, bool unschedulable)
    {
        if (await NodeOfAsync(input.Cluster, input.Instance).ConfigureAwait(false) is { } node)
            await nodes.SetUnschedulableAsync(input.Cluster, node, unschedulable, Token).ConfigureAwait(false);
    }

    /// <summary>The node that is this instance's now: a name may have passed to its replacement, and that one must not be touched.</summary>
    private async Task<string?> NodeOfAsync(ClusterRef cluster, InstanceState instance)
    {
        IList<V1Node> all = await nodes.NodesAsync(cluster, Token).ConfigureAwait(false);
        return all.FirstOrDefault(n => NodeFacts.InstanceId(n) == instance.Id)?.Metadata.Name;
    }
}
