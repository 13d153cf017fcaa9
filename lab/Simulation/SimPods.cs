namespace Rotation.Lab.Simulation;

/// <summary>Pods of a simulated cluster: placed on the least loaded worker, evicted as their budgets let.</summary>
internal sealed class SimPods(SimCluster cluster)
{
    private readonly List<SimPod> _pods = [.. cluster.Spec.Workloads.SelectMany(w => Enumerable.Range(0, w.Replicas).Select(n => new SimPod(w, $"{w.Name}-{n}")))];

    private readonly Dictionary<SimNode, int> _load = [];
    private readonly Dictionary<SimWorkload, int> _ready = [];
    private int _made = 100_000;

    /// <summary>Places and starts every pod at once.</summary>
    public void StartAll()
    {
        foreach (SimPod pod in _pods)
        {
            Put(pod, Emptiest());
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
            Put(pod, node);
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
        SetReady(pod, ready: false);
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
        SetReady(pod, ready: false);
        Put(pod, null);
        pod.Stopping = false;
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
        SetReady(pod, ready: true);
        cluster.Log(LabEvents.PodReady, pod);
    }

    // As the lab: an eviction stops while something is left; less than nothing is what a machine that ended with its pods leaves behind.
    private void WatchBudget(SimPod pod)
    {
        bool counted = pod.Ready;
        SetReady(pod, ready: false);
        if (counted && Room(pod.Workload) < 0)
            cluster.Log(LabEvents.BudgetBroken, pod, $"default/{pod.Workload.Name}");
    }

    private int Room(SimWorkload workload) =>
        workload.MaxUnavailable is { } most ? most - (workload.Replicas - _ready.GetValueOrDefault(workload)) : int.MaxValue;

    // As the guard of our drains: no replica of a StatefulSet goes while another is away, whatever a budget allows.
    private bool IsMissing(SimWorkload workload) => workload.Stateful && _ready.GetValueOrDefault(workload) < workload.Replicas;

    private SimNode? Emptiest() => cluster.Schedulable.MinBy(n => _load.GetValueOrDefault(n));

    private void Put(SimPod pod, SimNode? node)
    {
        if (pod.Node is { } old)
            _load[old]--;
        if (node is not null)
            _load[node] = _load.GetValueOrDefault(node) + 1;
        pod.Node = node;
    }

    private void SetReady(SimPod pod, bool ready)
    {
        if (pod.Ready != ready)
            _ready[pod.Workload] = _ready.GetValueOrDefault(pod.Workload) + (ready ? 1 : -1);
        pod.Ready = ready;
    }
}
