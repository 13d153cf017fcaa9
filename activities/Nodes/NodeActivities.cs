using k8s.Models;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Nodes;

/// <summary>The life of one node in a rolling update. Each action takes what it finds done as done.</summary>
internal sealed class NodeActivities(ICloud cloud, KubernetesNodes nodes, GroupWatch groups, FleetReader fleet, RotationOptions options) : INodeActivities
{
    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<InstanceList> ReadFleetAsync(FleetInput input)
    {
        await using Pulse pulse = Pulse.Start($"reads the instances of {input.Cluster.Name}", options.Deadlines.Poll);
        return await fleet.ReadAsync(input, Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public Task<int> HoldScaleDownAsync(ClusterRef cluster) => EveryNodeAsync(cluster, _ => true, nodes.HoldScaleDownAsync);

    /// <inheritdoc/>
    [Activity]
    public Task<int> ReleaseScaleDownAsync(ClusterRef cluster) => EveryNodeAsync(cluster, NodeFacts.IsHeldByUs, nodes.ReleaseScaleDownAsync);

    /// <inheritdoc/>
    [Activity]
    public Task TaintNodesAsync(TaintNodesInput input) =>
        EveryNodeAsync(input.Cluster, n => input.Instances.Contains(NodeFacts.InstanceId(n)), (cluster, node, ct) => nodes.TaintAsync(cluster, node, input.Remove, ct));

    /// <inheritdoc/>
    [Activity]
    public Task DetachInstanceAsync(NodeInput input) => cloud.DetachAsync(input.Cluster, input.Instance.InstanceGroup, input.Instance.Id, Token);

    /// <inheritdoc/>
    [Activity]
    public async Task CordonNodeAsync(NodeInput input)
    {
        if (await NodeOfAsync(input.Cluster, input.Instance).ConfigureAwait(false) is { } node)
            await nodes.CordonAsync(input.Cluster, node, Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task UncordonNodeAsync(NodeInput input)
    {
        if (await NodeOfAsync(input.Cluster, input.Instance).ConfigureAwait(false) is { } node)
            await nodes.UncordonAsync(input.Cluster, node, Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<DrainResult> DrainNodeAsync(DrainNodeInput input)
    {
        IList<V1Node> all = await nodes.NodesAsync(input.Cluster, Token).ConfigureAwait(false);
        if (NodeOf(all, input.Instance) is not { } node)
            return new(0, 0);
        await nodes.CordonAsync(input.Cluster, node, Token).ConfigureAwait(false);
        // As kops: clients of the API are sent elsewhere before the API server goes. Where there is no elsewhere that would cut off ourselves, and who has to connect anew could never end the node.
        bool servesApi = input.Instance.Role is InstanceGroupRole.ControlPlane or InstanceGroupRole.ApiServer;
        if (servesApi && all.Any(n => n != node && NodeFacts.ServesApi(n) && NodeFacts.IsReady(n)))
            await DeregisterAsync(input).ConfigureAwait(false);
        DrainResult drained = await new Drain(nodes, new(nodes), options.Deadlines.Poll).RunAsync(input, node.Metadata.Name, Token).ConfigureAwait(false);
        // A worker that cannot be drained serves on: unlike kops' it leaves its load balancers, to which nothing would bring it back, only when it goes for good.
        if (!servesApi)
            await DeregisterAsync(input).ConfigureAwait(false);
        return drained;
    }

    /// <inheritdoc/>
    [Activity]
    public async Task TerminateInstanceAsync(NodeInput input)
    {
        await using Pulse pulse = Pulse.Start($"terminates {input.Instance.Id}", options.Deadlines.Poll);
        V1Node? node = input.CloudOnly || input.Instance.Role == InstanceGroupRole.Bastion ? null : await NodeOfAsync(input.Cluster, input.Instance).ConfigureAwait(false);
        await cloud.TerminateAsync(input.Cluster, input.Instance.Id, Token).ConfigureAwait(false);
        if (node is not null)
            await nodes.DeleteNodeAsync(input.Cluster, node.Metadata.Name, Token).ConfigureAwait(false);
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

    private Task DeregisterAsync(DrainNodeInput input) => cloud.DeregisterAsync(input.Cluster, input.Instance.InstanceGroup, input.Instance.Id, Token);

    private async Task<int> EveryNodeAsync(ClusterRef cluster, Func<V1Node, bool> wanted, Func<ClusterRef, V1Node, CancellationToken, Task<bool>> change)
    {
        await using Pulse pulse = Pulse.Start($"marks the nodes of {cluster.Name}", options.Deadlines.Poll);
        int changed = 0;
        foreach (V1Node node in (await nodes.NodesAsync(cluster, Token).ConfigureAwait(false)).Where(wanted))
            if (await change(cluster, node, Token).ConfigureAwait(false))
                pulse.Tell($"{++changed} nodes marked");
        return changed;
    }

    /// <summary>The node that is this instance's now: a name may have passed to its replacement, and that one must not be touched.</summary>
    private async Task<V1Node?> NodeOfAsync(ClusterRef cluster, InstanceState instance) => NodeOf(await nodes.NodesAsync(cluster, Token).ConfigureAwait(false), instance);

    private static V1Node? NodeOf(IEnumerable<V1Node> all, InstanceState instance) => all.FirstOrDefault(n => NodeFacts.InstanceId(n) == instance.Id);
}
