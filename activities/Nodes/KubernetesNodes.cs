using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>What the rolling update does in the Kubernetes API. Every member may be repeated; an object that is gone is done.</summary>
internal sealed class KubernetesNodes(KubernetesClients clients)
{
    /// <summary>All nodes.</summary>
    public Task<IList<V1Node>> NodesAsync(ClusterRef cluster, CancellationToken ct) =>
        UseAsync(cluster, async api => (await api.CoreV1.ListNodeAsync(cancellationToken: ct).ConfigureAwait(false)).Items, ct);

    /// <summary>Pods, of one node or of one namespace or all.</summary>
    public Task<IList<V1Pod>> PodsAsync(ClusterRef cluster, string? node, string? inNamespace, CancellationToken ct) => UseAsync(
        cluster,
        async api => inNamespace is null
            ? (await api.CoreV1.ListPodForAllNamespacesAsync(fieldSelector: node is null ? null : $"spec.nodeName={node}", cancellationToken: ct).ConfigureAwait(false)).Items
            : (await api.CoreV1.ListNamespacedPodAsync(inNamespace, cancellationToken: ct).ConfigureAwait(false)).Items,
        ct);

    /// <summary>Marks a node unschedulable or schedulable; false when it is gone.</summary>
    public Task<bool> SetUnschedulableAsync(ClusterRef cluster, string node, bool unschedulable, CancellationToken ct)
    {
        var patch = new V1Patch(unschedulable ? """{"spec":{"unschedulable":true}}""" : """{"spec":{"unschedulable":null}}""", V1Patch.PatchType.MergePatch);
        return UseAsync(cluster, api => ApiFailures.UnlessGoneAsync(() => api.CoreV1.PatchNodeAsync(patch, node, cancellationToken: ct), ct), ct);
    }

    /// <summary>Deletes a node object; false when it was gone.</summary>
    public Task<bool> DeleteNodeAsync(ClusterRef cluster, string node, CancellationToken ct) =>
        UseAsync(cluster, api => ApiFailures.UnlessGoneAsync(() => api.CoreV1.DeleteNodeAsync(node, cancellationToken: ct), ct), ct);

    /// <summary>Asks for a pod's eviction; false when a PodDisruptionBudget does not allow it now.</summary>
    public Task<bool> EvictAsync(ClusterRef cluster, V1Pod pod, CancellationToken ct)
    {
        var eviction = new V1Eviction { Metadata = new() { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty }, DeleteOptions = new() { Preconditions = new() { Uid = pod.Metadata.Uid } } };
        return UseAsync(
            cluster,
            async api =>
            {
                try
                {
                    await api.CoreV1.CreateNamespacedPodEvictionAsync(eviction, pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: ct).ConfigureAwait(false);
                    return true;
                }
                catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    // Gone, or another pod has its name by now.
                    return true;
                }
                catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    return false;
                }
            },
            ct);
    }

    /// <summary>What <c>/readyz</c> says: empty when the API is healthy.</summary>
    public Task<string> ReadyzAsync(ClusterRef cluster, CancellationToken ct) => UseAsync(
        cluster,
        async api =>
        {
            HttpClient http = ((Kubernetes)api).HttpClient;
            using HttpResponseMessage answer = await http.GetAsync(new Uri(api.BaseUri, "/readyz"), ct).ConfigureAwait(false);
            return answer.IsSuccessStatusCode ? "" : $"answered {(int)answer.StatusCode}";
        },
        ct);

    private async Task<T> UseAsync<T>(ClusterRef cluster, Func<IKubernetes, Task<T>> call, CancellationToken ct)
    {
        IKubernetes api = await clients.ConnectAsync(cluster, ct).ConfigureAwait(false);
        return await ApiFailures.GuardAsync(() => call(api), ct).ConfigureAwait(false);
    }
}
