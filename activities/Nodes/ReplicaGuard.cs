using System.Globalization;
using k8s.Models;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>Whether a pod was evicted.</summary>
/// <param name="Held">Why it was held back, or null when it was evicted or is gone.</param>
/// <param name="RetryAfter">When to ask again.</param>
internal sealed record Eviction(string? Held, TimeSpan RetryAfter = default);

/// <summary>
/// Evicts pods so that of one StatefulSet never two are away at once, whatever its PodDisruptionBudget allows, and whoever drains the other node: who evicts a replica first
/// notes it on the StatefulSet, on the condition that nobody has changed it since all replicas were seen to be there.
/// </summary>
internal sealed class ReplicaGuard(KubernetesNodes nodes)
{
    /// <summary>Annotation of a StatefulSet: uid of the replica that is evicted, and since when.</summary>
    internal const string Note = "rotation/evicts";

    // Longer than an eviction takes. An older note is of a drain that died.
    private static readonly TimeSpan NoteHolds = TimeSpan.FromMinutes(2);

    public async Task<Eviction> EvictAsync(ClusterRef cluster, V1Pod pod, CancellationToken ct)
    {
        if (SetOf(pod) is not { } owner)
            return await nodes.EvictAsync(cluster, pod, ct).ConfigureAwait(false);
        string note = $"{pod.Metadata.Uid} {DateTimeOffset.UtcNow.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}";
        if (await HeldByReplicasAsync(cluster, pod, owner, note, ct).ConfigureAwait(false) is { } held)
            return new(held);
        Eviction eviction = await nodes.EvictAsync(cluster, pod, ct).ConfigureAwait(false);
        // A pod that its budget holds back stays; it must not hold back the other replicas, whose own budget may let them go.
        if (eviction.Held is not null)
            await TakeBackAsync(cluster, pod, owner, note, ct).ConfigureAwait(false);
        return eviction;
    }

    private async Task TakeBackAsync(ClusterRef cluster, V1Pod pod, V1OwnerReference owner, string note, CancellationToken ct)
    {
        if (await nodes.StatefulSetAsync(cluster, pod.Metadata.NamespaceProperty, owner.Name, ct).ConfigureAwait(false) is { } set
            && set.Metadata.Annotations?.TryGetValue(Note, out string? there) == true && there == note)
            await nodes.NoteOnStatefulSetAsync(cluster, set, Note, null, ct).ConfigureAwait(false);
    }

    private static V1OwnerReference? SetOf(V1Pod pod) => pod.Metadata.OwnerReferences?.FirstOrDefault(o => o is { Controller: true, Kind: "StatefulSet" });

    private async Task<string?> HeldByReplicasAsync(ClusterRef cluster, V1Pod pod, V1OwnerReference owner, string note, CancellationToken ct)
    {
        V1StatefulSet? set = await nodes.StatefulSetAsync(cluster, pod.Metadata.NamespaceProperty, owner.Name, ct).ConfigureAwait(false);
        if (set is null || set.Metadata.Uid != owner.Uid)
            return null;
        V1Pod[] others = [.. (await nodes.PodsAsync(cluster, null, pod.Metadata.NamespaceProperty, ct).ConfigureAwait(false))
            .Where(p => p.Metadata.Uid != pod.Metadata.Uid && p.Metadata.OwnerReferences?.Any(o => o.Uid == owner.Uid) == true)];
        if (others.FirstOrDefault(p => p.Metadata.DeletionTimestamp is not null || !NodeFacts.IsRunning(p)) is { } away)
            return $"another replica is away: {away.Metadata.Name}";
        if (others.Length + 1 < (set.Spec?.Replicas ?? 1))
            return $"another replica of {owner.Name} is away";
        if (NotedOther(set, pod, others))
            return $"another replica of {owner.Name} is being evicted";
        return await nodes.NoteOnStatefulSetAsync(cluster, set, Note, note, ct).ConfigureAwait(false) ? null : $"{owner.Name} has just changed";
    }

    private static bool NotedOther(V1StatefulSet set, V1Pod pod, V1Pod[] others)
    {
        if (set.Metadata.Annotations?.TryGetValue(Note, out string? note) != true || note!.Split(' ') is not [var uid, var since])
            return false;
        bool fresh = long.TryParse(since, NumberStyles.None, CultureInfo.InvariantCulture, out long at) && DateTimeOffset.UtcNow - DateTimeOffset.FromUnixTimeSeconds(at) < NoteHolds;
        return uid != pod.Metadata.Uid && fresh && others.Any(o => o.Metadata.Uid == uid);
    }
}
