using System.Globalization;
using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;

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

    /// <summary>Marks a node unschedulable and takes it out of load balancers, as kops does before a drain; what was so already stays somebody else's. False when it is gone.</summary>
    public Task<bool> CordonAsync(ClusterRef cluster, V1Node node, CancellationToken ct)
    {
        bool cordon = node.Spec?.Unschedulable != true, exclude = node.Metadata.Labels?.ContainsKey(NodeMarks.ExcludeFromBalancers) != true;
        return cordon || exclude ? PatchAsync(cluster, node.Metadata.Name, NodeMarks.Cordon(node, cordon, exclude), ct) : Task.FromResult(true);
    }

    /// <summary>Takes back what <see cref="CordonAsync"/> did, and nothing else. False when the node is gone.</summary>
    public Task<bool> UncordonAsync(ClusterRef cluster, V1Node node, CancellationToken ct) =>
        NodeMarks.Uncordon(node) is { } patch ? PatchAsync(cluster, node.Metadata.Name, patch, ct) : Task.FromResult(true);

    /// <summary>Keeps cluster-autoscaler from scaling a node down, unless somebody has said anything about it; true when it was changed.</summary>
    public Task<bool> HoldScaleDownAsync(ClusterRef cluster, V1Node node, CancellationToken ct) =>
        node.Metadata.Annotations?.ContainsKey(NodeMarks.ScaleDownDisabled) == true ? Task.FromResult(false) : PatchAsync(cluster, node.Metadata.Name, NodeMarks.HoldScaleDown, ct);

    /// <summary>Takes that back; true when it was changed.</summary>
    public Task<bool> ReleaseScaleDownAsync(ClusterRef cluster, V1Node node, CancellationToken ct) => PatchAsync(cluster, node.Metadata.Name, NodeMarks.ReleaseScaleDown, ct);

    /// <summary>Sets or removes kops' taint of nodes that are to be replaced; true when it was changed. Taints are one list: it is changed only as it was read.</summary>
    public async Task<bool> TaintAsync(ClusterRef cluster, V1Node node, bool remove, CancellationToken ct)
    {
        for (V1Node? now = node; now is not null; now = await NodeAsync(cluster, node.Metadata.Name, ct).ConfigureAwait(false))
        {
            if (NodeMarks.Taint(now, remove) is not { } patch)
                return false;
            if (await UnlessConflictAsync(() => PatchAsync(cluster, node.Metadata.Name, patch, ct)).ConfigureAwait(false))
                return true;
        }

        return false;
    }

    /// <summary>One node, or null.</summary>
    public Task<V1Node?> NodeAsync(ClusterRef cluster, string node, CancellationToken ct) => UseAsync(cluster, api => OrNullAsync(() => api.CoreV1.ReadNodeAsync(node, cancellationToken: ct)), ct);

    /// <summary>Volumes that a node's kubelet says to be in use.</summary>
    public async Task<IReadOnlyList<string>> VolumesInUseAsync(ClusterRef cluster, string node, CancellationToken ct) =>
        (await NodeAsync(cluster, node, ct).ConfigureAwait(false))?.Status?.VolumesInUse?.ToArray() ?? [];

    /// <summary>One StatefulSet, or null.</summary>
    public Task<V1StatefulSet?> StatefulSetAsync(ClusterRef cluster, string inNamespace, string name, CancellationToken ct) =>
        UseAsync(cluster, api => OrNullAsync(() => api.AppsV1.ReadNamespacedStatefulSetAsync(name, inNamespace, cancellationToken: ct)), ct);

    /// <summary>Annotates a StatefulSet as it was read, or takes the annotation away; false when it has changed since. One that is gone needs none.</summary>
    public Task<bool> NoteOnStatefulSetAsync(ClusterRef cluster, V1StatefulSet set, string key, string? note, CancellationToken ct)
    {
        var patch = NodeMarks.Patch(new { metadata = new { resourceVersion = set.Metadata.ResourceVersion, annotations = new Dictionary<string, string?> { [key] = note } } });
        return UnlessConflictAsync(() => UseAsync(
            cluster,
            async api =>
            {
                await ApiFailures.UnlessGoneAsync(() => api.AppsV1.PatchNamespacedStatefulSetAsync(patch, set.Metadata.Name, set.Metadata.NamespaceProperty, cancellationToken: ct), ct).ConfigureAwait(false);
                return true;
            },
            ct));
    }

    /// <summary>Deletes a pod whatever its budget says, in its own grace period or at once. One that is gone is done.</summary>
    public Task<bool> DeletePodAsync(ClusterRef cluster, V1Pod pod, bool now, CancellationToken ct)
    {
        var options = new V1DeleteOptions { GracePeriodSeconds = now ? 0 : null, Preconditions = new() { Uid = pod.Metadata.Uid } };
        return UnlessConflictAsync(() => UseAsync(cluster, api => ApiFailures.UnlessGoneAsync(() => api.CoreV1.DeleteNamespacedPodAsync(pod.Metadata.Name, pod.Metadata.NamespaceProperty, options, cancellationToken: ct), ct), ct));
    }

    /// <summary>Deletes a node object; false when it was gone.</summary>
    public Task<bool> DeleteNodeAsync(ClusterRef cluster, string node, CancellationToken ct) =>
        UseAsync(cluster, api => ApiFailures.UnlessGoneAsync(() => api.CoreV1.DeleteNodeAsync(node, cancellationToken: ct), ct), ct);

    /// <summary>Asks for a pod's eviction.</summary>
    public Task<Eviction> EvictAsync(ClusterRef cluster, V1Pod pod, CancellationToken ct)
    {
        var eviction = new V1Eviction { Metadata = new() { Name = pod.Metadata.Name, NamespaceProperty = pod.Metadata.NamespaceProperty }, DeleteOptions = new() { Preconditions = new() { Uid = pod.Metadata.Uid } } };
        return UseAsync(
            cluster,
            async api =>
            {
                try
                {
                    await api.CoreV1.CreateNamespacedPodEvictionAsync(eviction, pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: ct).ConfigureAwait(false);
                    return new Eviction(null);
                }
                catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
                {
                    // Gone, or another pod has its name by now.
                    return new Eviction(null);
                }
                catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.TooManyRequests)
                {
                    return new Eviction("its PodDisruptionBudget allows no disruption now", RetryAfterOf(e.Response));
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

    /// <summary>The API may ask for more patience, up to a minute.</summary>
    private static TimeSpan RetryAfterOf(HttpResponseMessageWrapper response) =>
        response.Headers.TryGetValue("Retry-After", out IEnumerable<string>? values) && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds)
            ? TimeSpan.FromSeconds(Math.Min(seconds, 60))
            : TimeSpan.Zero;

    private Task<bool> PatchAsync(ClusterRef cluster, string node, V1Patch patch, CancellationToken ct) =>
        UseAsync(cluster, api => ApiFailures.UnlessGoneAsync(() => api.CoreV1.PatchNodeAsync(patch, node, cancellationToken: ct), ct), ct);

    private static async Task<T?> OrNullAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }

    /// <summary>False when the object is not as it was read any more.</summary>
    private static async Task<bool> UnlessConflictAsync(Func<Task<bool>> call)
    {
        try
        {
            await call().ConfigureAwait(false);
            return true;
        }
        catch (ApplicationFailureException e) when (e.ErrorType == RotationErrors.ApiConflict)
        {
            return false;
        }
    }

    private async Task<T> UseAsync<T>(ClusterRef cluster, Func<IKubernetes, Task<T>> call, CancellationToken ct)
    {
        IKubernetes api = await clients.ConnectAsync(cluster, ct).ConfigureAwait(false);
        return await ApiFailures.GuardAsync(() => call(api), ct).ConfigureAwait(false);
    }
}
