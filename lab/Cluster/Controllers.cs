using System.Text.Json.Nodes;
using Rotation.Lab.Kubernetes;

namespace Rotation.Lab.Cluster;

/// <summary>The loop that stands for kubelet status, node lifecycle, pod garbage collection, budgets' status and the scheduler.</summary>
internal sealed class Controllers(LabWorld world)
{
    private static readonly TimeSpan NodeGone = TimeSpan.FromSeconds(15);
    private readonly Scheduler _scheduler = new(world);
    private (long Store, long Faults) _settled = (-1, -1);

    public async Task RunAsync(CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LabClock.Tick);
        while (await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false))
        {
            world.Etcd.Refresh();
            world.Fleet.ReadTemplates();
            // Controllers work through the API: without etcd nothing moves.
            if (!KopsController.Servers(world).Any(s => s.Serves))
                continue;
            KeepNodes();
            KeepApiServers();
            KeepWorkloads();
        }
    }

    // The liveness probe of an API server asks its etcd member: without one the kubelet restarts it again and again.
    private void KeepApiServers()
    {
        foreach (var instance in world.Fleet.Instances.Where(i => i is { State: InstanceState.Running, Node: ControlPlaneNode }))
        {
            var serves = world.Etcd.Serves(instance);
            if (world.Store.Get("pods", "kube-system", $"kube-apiserver-{instance.Id}") is { } pod && KubeObjects.IsPodReady(pod) != serves)
                world.Store.Update("pods", pod.Namespace, pod.Name, p => Scheduler.Ready(p, serves));
        }
    }

    // Everything they look at is in the store or a fault: where neither has changed since they last did nothing, there is nothing to do.
    private void KeepWorkloads()
    {
        var seen = (world.Store.Version, world.Faults.Version);
        if (seen == _settled)
            return;
        ForgetOrphans();
        KeepBudgets();
        _scheduler.Look();
        if (world.Store.Version == seen.Item1)
            _settled = seen;
    }

    private void KeepNodes()
    {
        foreach (var node in world.Store.List("nodes").Items)
        {
            var instance = world.Fleet.Find(node.Name);
            if (instance is null || instance.State == InstanceState.Terminated)
            {
                Forget(node, instance);
                continue;
            }

            var ready = instance.State == InstanceState.Running && Reports(instance);
            if (ready != KubeObjects.IsNodeReady(node))
                SetReady(node, instance, ready);
        }
    }

    private void ForgetOrphans()
    {
        var known = world.Store.List("nodes").Items.Select(n => n.Name).ToHashSet(StringComparer.Ordinal);
        foreach (var pod in world.Store.List("pods").Items.Where(p => KubeObjects.NodeOf(p) is { } n && !known.Contains(n)))
            world.Workloads.Remove(pod);
    }

    private void Forget(KubeObject node, Instance? instance)
    {
        if (instance is { TerminatedAt: { } ended } && LabClock.Now - ended < world.Clock.Real(NodeGone))
        {
            if (KubeObjects.IsNodeReady(node))
                SetReady(node, instance, ready: false);
            return;
        }

        world.Store.Delete("nodes", "", node.Name);
        world.LogNode(LabEvents.NodeDeleted, node.Name);
    }

    private bool Reports(Instance instance)
    {
        if (world.Faults.Hits(LabFaultKind.FullDisk, instance.Id, instance.Group.Name) is not null)
            return false;
        if (world.Faults.Hits(LabFaultKind.NotReadyFlap, instance.Id, instance.Group.Name) is { } flap)
        {
            var period = world.Clock.Real(TimeSpan.FromSeconds(flap.Value ?? 30));
            return LabClock.Now.Ticks / Math.Max(1, period.Ticks) % 2 == 0;
        }

        return instance.Node switch
        {
            ControlPlaneNode => true,
            WorkerNode worker => WorkerNode.Reaches(world, worker),
            _ => false,
        };
    }

    private void SetReady(KubeObject node, Instance instance, bool ready)
    {
        world.Store.Update("nodes", "", node.Name, n =>
        {
            var full = world.Faults.Hits(LabFaultKind.FullDisk, instance.Id, instance.Group.Name) is not null;
            n["status"]!["conditions"] = new JsonArray(
                KubeObjects.Conditions("Ready", ready, ready ? "KubeletReady" : "NodeStatusUnknown"),
                KubeObjects.Conditions("DiskPressure", full, full ? "KubeletHasDiskPressure" : "KubeletHasNoDiskPressure"));
            return true;
        });
        world.Log.Add(ready ? LabEvents.NodeReady : LabEvents.NodeNotReady, instance);
    }

    private void KeepBudgets()
    {
        foreach (var budget in world.Store.List("poddisruptionbudgets").Items)
        {
            var allowed = Math.Max(0, world.Workloads.Allowed(budget));
            if (budget.Text("status", "disruptionsAllowed") != allowed.ToString())
                world.Store.Update("poddisruptionbudgets", budget.Namespace, budget.Name, b => (b["status"] = new JsonObject { ["disruptionsAllowed"] = allowed }) is not null);
        }
    }
}
