using k8s;
using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;

namespace Rotation.Activities.Legacy;

/// <summary>Deletes objects of the Kubernetes API that are older than a moment. Each is deleted by its uid: one that took its name since is left alone.</summary>
internal sealed class OldObjects(KubernetesClients clients)
{
    private const string TokenType = "kubernetes.io/service-account-token";

    public Task<DeletedObjects> DeleteTokensAsync(OlderThanInput input, Pulse pulse, CancellationToken ct) => DeleteAsync(
        input,
        pulse,
        async api => (await api.CoreV1.ListSecretForAllNamespacesAsync(fieldSelector: $"type={TokenType}", cancellationToken: ct).ConfigureAwait(false)).Items.Where(s => s.Type == TokenType),
        (api, metadata, options) => api.CoreV1.DeleteNamespacedSecretAsync(metadata.Name, metadata.NamespaceProperty, options, cancellationToken: ct),
        ct);

    public Task<DeletedObjects> DeletePodsAsync(OlderThanInput input, Pulse pulse, CancellationToken ct) => DeleteAsync(
        input,
        pulse,
        async api => (await api.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: ct).ConfigureAwait(false)).Items.Where(p => p.Metadata.DeletionTimestamp is null && !NodeFacts.IsMirror(p)),
        (api, metadata, options) => api.CoreV1.DeleteNamespacedPodAsync(metadata.Name, metadata.NamespaceProperty, options, cancellationToken: ct),
        ct);

    private async Task<DeletedObjects> DeleteAsync<T>(OlderThanInput input, Pulse pulse, Func<IKubernetes, Task<IEnumerable<T>>> list, Func<IKubernetes, V1ObjectMeta, V1DeleteOptions, Task> delete, CancellationToken ct)
        where T : IKubernetesObject<V1ObjectMeta>
    {
        IKubernetes api = await clients.ConnectAsync(input.Cluster, ct).ConfigureAwait(false);
        T[] old = [.. (await ApiFailures.GuardAsync(() => list(api), ct).ConfigureAwait(false)).Where(o => o.Metadata.CreationTimestamp is { } made && made < input.Before.UtcDateTime)];
        int deleted = 0;
        foreach (V1ObjectMeta metadata in old.Select(o => o.Metadata))
        {
            pulse.Tell($"deletes {metadata.NamespaceProperty}/{metadata.Name}, {old.Length - deleted} left");
            var options = new V1DeleteOptions { Preconditions = new() { Uid = metadata.Uid } };
            if (await ApiFailures.UnlessGoneAsync(() => delete(api, metadata, options), ct).ConfigureAwait(false))
                deleted++;
        }

        return new(deleted);
    }
}
