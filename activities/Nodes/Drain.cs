using k8s.Models;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;
using Temporalio.Exceptions;

namespace Rotation.Activities.Nodes;

/// <summary>
/// Evicts the pods of one node and waits until they are gone and their volumes detached; asks again for those that a PodDisruptionBudget or another replica of their StatefulSet
/// holds back. By force, it deletes what is held back when half of its time is over.
/// </summary>
internal sealed class Drain(KubernetesNodes nodes, ReplicaGuard guard, TimeSpan poll)
{
    /// <summary>A kubelet that does not answer never says that a volume is detached; then the cloud detaches it with the instance.</summary>
    private static readonly TimeSpan LongestDetach = TimeSpan.FromMinutes(1);

    private readonly Dictionary<string, long> _notBefore = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _heldBack = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = [];
    private int _evicted;
    private bool _hadVolumes;

    public async Task<DrainResult> RunAsync(DrainNodeInput input, string node, CancellationToken ct)
    {
        long start = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(poll);
        while (true)
        {
            TimeSpan waited = TimeProvider.System.GetElapsedTime(start);
            try
            {
                if (await LookAsync(input, node, waited, ct).ConfigureAwait(false) is { } done)
                    return done;
            }
            catch (ApplicationFailureException e) when (!e.NonRetryable && waited <= input.Timeout.Value)
            {
                // An API that fails now and then costs the drain time, not its beginning.
                Beat(e.Message);
            }

            await timer.WaitForNextTickAsync(ct).ConfigureAwait(false);
        }
    }

    private async Task<DrainResult?> LookAsync(DrainNodeInput input, string node, TimeSpan waited, CancellationToken ct)
    {
        IList<V1Pod> pods = await nodes.PodsAsync(input.Cluster, node, null, ct).ConfigureAwait(false);
        V1Pod[] left = [.. pods.Where(p => !NodeFacts.StaysOnDrain(p) && !NodeFacts.IsFinished(p))];
        if (left.Length == 0)
        {
            await FinishAsync(input, node, waited, ct).ConfigureAwait(false);
            return new(_evicted, pods.Count(NodeFacts.StaysOnDrain));
        }

        if (waited > input.Timeout.Value)
            throw RotationErrors.Permanent(RotationErrors.DrainTimedOut, $"Node '{node}' still has {left.Length} pods after {input.Timeout}: {string.Join(", ", left.Take(10).Select(WhyLeft))}.");
        await EvictAsync(input.Cluster, left, input.Force && waited > input.Timeout.Value / 2, ct).ConfigureAwait(false);
        Beat($"{node}: {_evicted} evicted, {left.Length} left");
        return null;
    }

    private async Task EvictAsync(ClusterRef cluster, V1Pod[] pods, bool force, CancellationToken ct)
    {
        // A pod that is ending is on its way; its grace period runs. Only force cuts it short.
        foreach (V1Pod pod in pods.Where(p => force || (p.Metadata.DeletionTimestamp is null && !_asked.Contains(NodeFacts.KeyOf(p)) && IsDue(p))))
        {
            _hadVolumes |= pod.Spec?.Volumes?.Any(v => v.PersistentVolumeClaim is not null) == true;
            if (force)
            {
                await nodes.DeletePodAsync(cluster, pod, now: pod.Metadata.DeletionTimestamp is not null, ct).ConfigureAwait(false);
                _asked.Add(NodeFacts.KeyOf(pod));
                continue;
            }

            Eviction eviction = await guard.EvictAsync(cluster, pod, ct).ConfigureAwait(false);
            if (eviction.Held is { } why)
            {
                _heldBack[NodeFacts.KeyOf(pod)] = why;
                _notBefore[NodeFacts.KeyOf(pod)] = TimeProvider.System.GetTimestamp() + (long)(eviction.RetryAfter.TotalSeconds * TimeProvider.System.TimestampFrequency);
                continue;
            }

            _asked.Add(NodeFacts.KeyOf(pod));
            _evicted++;
        }
    }

    private bool IsDue(V1Pod pod) => !_notBefore.TryGetValue(NodeFacts.KeyOf(pod), out long due) || TimeProvider.System.GetTimestamp() >= due;

    private async Task FinishAsync(DrainNodeInput input, string node, TimeSpan waited, CancellationToken ct)
    {
        long start = TimeProvider.System.GetTimestamp();
        TimeSpan most = input.Timeout.Value - waited < LongestDetach ? input.Timeout.Value - waited : LongestDetach;
        bool attached = _hadVolumes;
        while (attached || TimeProvider.System.GetElapsedTime(start) < input.PostDrainDelay.Value)
        {
            attached = attached && TimeProvider.System.GetElapsedTime(start) < most && (await nodes.VolumesInUseAsync(input.Cluster, node, ct).ConfigureAwait(false)).Count > 0;
            Beat(attached ? $"{node}: volumes are being detached" : $"{node}: drained");
            if (attached || TimeProvider.System.GetElapsedTime(start) < input.PostDrainDelay.Value)
                await Task.Delay(poll, ct).ConfigureAwait(false);
        }
    }

    private string WhyLeft(V1Pod pod) => _heldBack.TryGetValue(NodeFacts.KeyOf(pod), out string? why) && !_asked.Contains(NodeFacts.KeyOf(pod)) ? $"{NodeFacts.NameOf(pod)} ({why})" : NodeFacts.NameOf(pod);

    private static void Beat(string details)
    {
        if (ActivityExecutionContext.HasCurrent)
            ActivityExecutionContext.Current.Heartbeat(details);
    }
}
