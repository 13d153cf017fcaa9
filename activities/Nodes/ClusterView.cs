using k8s.Models;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>A cluster as it was a moment ago: what the cloud runs, and what the Kubernetes API says of it.</summary>
/// <param name="Groups">Every instance group in the cloud.</param>
/// <param name="Roles">Roles of the instance groups by name.</param>
/// <param name="Nodes">Every node.</param>
/// <param name="SystemPods">Pods of <c>kube-system</c>.</param>
/// <param name="Health">What is wrong with the API server; empty when it is healthy.</param>
internal sealed record ClusterView(IReadOnlyList<CloudGroup> Groups, IReadOnlyDictionary<string, InstanceGroupRole> Roles, IReadOnlyList<V1Node> Nodes, IReadOnlyList<V1Pod> SystemPods, string Health)
{
    /// <summary>Role of an instance group; one that kops does not know runs workloads.</summary>
    public InstanceGroupRole RoleOf(string group) => Roles.GetValueOrDefault(group, InstanceGroupRole.Node);
}
