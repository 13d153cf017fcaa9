namespace Rotation.Lab.Simulation;

/// <summary>Pods of a simulated cluster: placed on the least loaded worker, evicted as their budgets let.</summary>
internal sealed class SimPods(SimCluster cluster)
{
    private readonly List<SimPod> _pods = [.. cluster.Spec.Workloads.SelectMany(w => Enumerable.Range(0, w.Replicas).Select(n => new SimPod(w, $"{w.Name}-{n}")))];

    private int _made = 100_000;

    /// <summary>Places and starts every pod at once.</summary>
    public void StartAll()
    {
        foreach (SimPod pod in _pods)
        {
            pod.Node = Emptiest();
            MakeReady(pod);
        }
    }

    /// <summary>Gives pods that wait a node.</summary>
    public void Place()
    {
        foreach (SimPod pod in _pods.Where(p => p is { Node: null, Stopping: false }).ToArray())
        {
            if (Emptiest() is not { } node)
                return;
            pod.Node = node;
            cluster.Time.After(cluster.Spec.PodStart, () => Start(pod, node));
        }
    }

    public async Task<bool> EvictAsync(SimNode node, TimeSpan retry, TimeSpan look, TimeSpan limit, bool guarded)
    {
        TimeSpan end = cluster.Time.Now + limit;
        bool[] gone = await Task.WhenAll(_pods.Where(p => p.Node == node).ToArray().Select(p => EvictAsync(p, node, retry, look, end, guarded))).ConfigureAwait(false);
        return Array.TrueForAll(gone, g => g);
    }

    /// <summary>Takes away what runs on a node that ends.</summary>
    public void Drop(SimNode node)
    {
        foreach (SimPod pod in _pods.Where(p => p.Node == node).ToArray())
        {
            WatchBudget(pod);
            Gone(pod);
        }
    }

    private async Task<bool> EvictAsync(SimPod pod, SimNode node, TimeSpan retry, TimeSpan look, TimeSpan end, bool guarded)
    {
        while (pod.Node == node && !pod.Stopping)
        {
            if (!pod.Ready || (Room(pod.Workload) > 0 && !(guarded && IsMissing(pod.Workload))))
                Stop(pod, node);
            else if (cluster.Time.Now >= end)
                return false;
            else
                await cluster.Time.DelayAsync(retry).ConfigureAwait(false);
        }

        while (pod.Node == node)
            await cluster.Time.DelayAsync(look).ConfigureAwait(false);
        return true;
    }

    private void Stop(SimPod pod, SimNode node)
    {
        pod.Stopping = true;
        pod.Ready = false;
        cluster.Log(LabEvents.PodEvicted, pod);
        MakeNext(pod);
        cluster.Time.After(cluster.Spec.DrainOf(node.Id.TrimEnd('\'')), () =>
        {
            if (pod.Node == node)
                Gone(pod);
        });
    }

    private void Gone(SimPod pod)
    {
        cluster.Log(LabEvents.PodGone, pod);
        if (!pod.Workload.Stateful && !pod.Stopping)
            MakeNext(pod);
        (pod.Node, pod.Ready, pod.Stopping) = (null, false, false);
        if (!pod.Workload.Stateful)
            _pods.Remove(pod);
        Place();
    }

    // A Deployment makes its next pod as soon as one is told to stop; a StatefulSet when it is gone.
    private void MakeNext(SimPod pod)
    {
        if (pod.Workload.Stateful)
            return;
        _pods.Add(new SimPod(pod.Workload, $"{pod.Workload.Name}-{_made++}"));
        Place();
    }

    private void Start(SimPod pod, SimNode node)
    {
        if (pod.Node == node && !pod.Stopping && !pod.Ready)
            MakeReady(pod);
    }

    private void MakeReady(SimPod pod)
    {
        pod.Ready = true;
        cluster.Log(LabEvents.PodReady, pod);
    }

    // As the lab: an eviction stops while something is left; less than nothing is what a machine that ended with its pods leaves behind.
    private void WatchBudget(SimPod pod)
    {
        bool counted = pod.Ready;
        pod.Ready = false;
        if (counted && Room(pod.Workload) < 0)
            cluster.Log(LabEvents.BudgetBroken, pod, $"default/{pod.Workload.Name}");
    }

    private int Room(SimWorkload workload) =>
        workload.MaxUnavailable is { } most ? most - (workload.Replicas - _pods.Count(p => p.Workload == workload && p.Ready)) : int.MaxValue;

    // As the guard of our drains: no replica of a StatefulSet goes while another is away, whatever a budget allows.
    private bool IsMissing(SimWorkload workload) => workload.Stateful && _pods.Count(p => p.Workload == workload && p.Ready) < workload.Replicas;

    private SimNode? Emptiest()
    {
        Dictionary<SimNode, int> load = _pods.Where(p => p.Node is not null).GroupBy(p => p.Node!).ToDictionary(g => g.Key, g => g.Count());
        return cluster.Schedulable.MinBy(n => load.GetValueOrDefault(n));
    }
}
