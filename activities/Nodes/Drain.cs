using k8s.Models;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Nodes;

/// <summary>Evicts the pods of one node and waits until they are gone; asks again for those that a PodDisruptionBudget holds back.</summary>
internal sealed class Drain(KubernetesNodes nodes, TimeSpan poll)
{
    private int _evicted;

    public async Task<DrainResult> RunAsync(DrainNodeInput input, string node, CancellationToken ct)
    {
        await nodes.SetUnschedulableAsync(input.Cluster, node, unschedulable: true, ct).ConfigureAwait(false);
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(poll);
        HashSet<string> asked = [];
        while (true)
        {
            IList<V1Pod> pods = await nodes.PodsAsync(input.Cluster, node, null, ct).ConfigureAwait(false);
            V1Pod[] left = [.. pods.Where(p => !NodeFacts.StaysOnDrain(p) && !NodeFacts.IsFinished(p))];
            if (left.Length == 0)
                return new(_evicted, pods.Count(NodeFacts.StaysOnDrain));
            if (TimeProvider.System.GetElapsedTime(start) > input.Timeout.Value)
                throw RotationErrors.Permanent(RotationErrors.DrainTimedOut, $"Node '{node}' still has {left.Length} pods after {input.Timeout}: {string.Join(", ", left.Take(10).Select(NodeFacts.NameOf))}.");

            await EvictAsync(input.Cluster, left, asked, ct).ConfigureAwait(false);
            if (ActivityExecutionContext.HasCurrent)
                ActivityExecutionContext.Current.Heartbeat($"{node}: {_evicted} evicted, {left.Length} left");
            await timer.WaitForNextTickAsync(ct).ConfigureAwait(false);
        }
    }

    private async Task EvictAsync(ClusterRef cluster, V1Pod[] pods, HashSet<string> asked, CancellationToken ct)
    {
        // A pod that is ending is on its way; its grace period runs.
        foreach (V1Pod pod in pods.Where(p => p.Metadata.DeletionTimestamp is null && !asked.Contains(p.Metadata.Uid ?? NodeFacts.NameOf(p))))
        {
            if (!await nodes.EvictAsync(cluster, pod, ct).ConfigureAwait(false))
                continue;
            asked.Add(pod.Metadata.Uid ?? NodeFacts.NameOf(pod));
            _evicted++;
        }
    }
}
