using k8s.Models;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>Reads which instances a roll may have to replace: from the cloud, as kops does, with the nodes that joined.</summary>
internal sealed class FleetReader(ICloud cloud, KubernetesNodes nodes, ClusterViews views)
{
    /// <summary>Marks a node that is to be replaced though its instance is up to date; people set it, kops and we honour it.</summary>
    private const string NeedsUpdate = "kops.k8s.io/needs-update";

    /// <summary>Instances sorted by instance group and id.</summary>
    public async Task<InstanceList> ReadAsync(FleetInput input, CancellationToken ct)
    {
        IReadOnlyList<CloudGroup> groups = await cloud.GroupsAsync(input.Cluster, ct).ConfigureAwait(false);
        IReadOnlyDictionary<string, IReadOnlyList<CloudInstance>> detached = await cloud.DetachedAsync(input.Cluster, ct).ConfigureAwait(false);
        IReadOnlyDictionary<string, InstanceGroupRole> roles = await views.RolesAsync(input.Cluster, ct).ConfigureAwait(false);
        IList<V1Node> joined = input.CloudOnly ? [] : await nodes.NodesAsync(input.Cluster, ct).ConfigureAwait(false);
        Dictionary<string, V1Node> byInstance = joined.GroupBy(NodeFacts.InstanceId).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        // A group of the cloud that kops does not know any more is none of ours.
        InstanceState Of(CloudGroup g, CloudInstance i, bool isDetached) => Describe(i, byInstance.GetValueOrDefault(i.Id)) with { InstanceGroup = g.InstanceGroup, Role = roles[g.InstanceGroup], Detached = isDetached };
        return new([.. groups.Where(g => roles.ContainsKey(g.InstanceGroup))
            .SelectMany(g => g.Instances.Select(i => Of(g, i, isDetached: false)).Concat(detached.GetValueOrDefault(g.CloudName, []).Where(i => g.Instances.All(o => o.Id != i.Id)).Select(i => Of(g, i, isDetached: true))))
            .OrderBy(i => i.InstanceGroup, StringComparer.Ordinal).ThenBy(i => i.Id, StringComparer.Ordinal)]);
    }

    private static InstanceState Describe(CloudInstance instance, V1Node? node) => new()
    {
        Id = instance.Id,
        NodeName = node?.Metadata.Name,
        Zone = instance.Zone,
        NeedsUpdate = !instance.UpToDate || node?.Metadata.Annotations?.ContainsKey(NeedsUpdate) == true,
    };
}
