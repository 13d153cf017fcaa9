using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>
/// Deployment, StatefulSet and DaemonSet controllers and the scheduler in one loop: each look makes missing pods, places pending ones on ready nodes that
/// take them, and starts those.
/// </summary>
internal sealed class Scheduler(LabWorld world)
{
    private readonly HashSet<string> _starting = new(StringComparer.Ordinal);
    private int _serial;

    public void Look()
    {
        var nodes = world.Store.List("nodes").Items.Where(KubeObjects.IsNodeReady).ToList();
        var pods = world.Store.List("pods").Items;
        var byOwner = pods.ToLookup(KubeObjects.OwnerOf);
        foreach (var set in world.Store.List("daemonsets").Items)
            KeepDaemons(set, nodes, byOwner[$"DaemonSet/{set.Namespace}/{set.Name}"]);
        foreach (var set in world.Store.List("deployments").Items)
            KeepReplicas(set, byOwner[$"Deployment/{set.Namespace}/{set.Name}"].Count(p => p.Text("metadata", "deletionTimestamp") is null));
        foreach (var set in world.Store.List("statefulsets").Items)
            KeepOrdinals(set, byOwner[$"StatefulSet/{set.Namespace}/{set.Name}"].Select(p => p.Name).ToHashSet(StringComparer.Ordinal));
        Place(nodes);
    }

    public static int Replicas(KubeObject set) => int.TryParse(set.Text("spec", "replicas"), out var count) ? count : 1;

    private void KeepDaemons(KubeObject set, List<KubeObject> nodes, IEnumerable<KubeObject> pods)
    {
        var covered = pods.Select(KubeObjects.NodeOf).ToHashSet();
        foreach (var node in nodes.Where(n => !covered.Contains(n.Name)))
            Create(set, "DaemonSet", $"{set.Name}-{Suffix()}", node.Name);
    }

    private void KeepReplicas(KubeObject set, int present)
    {
        for (var missing = Replicas(set) - present; missing > 0; missing--)
            Create(set, "Deployment", $"{set.Name}-{Suffix()}", null);
    }

    // A StatefulSet makes its pod again only when the old one of that name is gone.
    private void KeepOrdinals(KubeObject set, HashSet<string> present)
    {
        for (var ordinal = 0; ordinal < Replicas(set); ordinal++)
        {
            if (!present.Contains($"{set.Name}-{ordinal}"))
                Create(set, "StatefulSet", $"{set.Name}-{ordinal}", null);
        }
    }

    private string Suffix() => $"{++_serial:x5}";

    private void Create(KubeObject set, string kind, string name, string? node)
    {
        var pod = KubeObjects.Named("v1", "Pod", set.Namespace, name);
        pod["metadata"]!["labels"] = set.At("spec", "template", "metadata", "labels")?.DeepClone();
        pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = kind,
            ["name"] = set.Name,
            ["uid"] = set.Uid,
            ["controller"] = true,
        });
        pod["spec"] = set.At("spec", "template", "spec")?.DeepClone() ?? new JsonObject();
        if (node is not null)
            pod["spec"]!["nodeName"] = node;
        pod["status"] = new JsonObject { ["phase"] = "Pending" };
        world.Store.Create("pods", pod);
    }

    private void Place(List<KubeObject> nodes)
    {
        var pods = world.Store.List("pods").Items;
        var load = nodes.Where(n => !KubeObjects.IsCordoned(n) && !KubeObjects.Repels(n))
            .ToDictionary(n => n.Name, n => 0, StringComparer.Ordinal);
        foreach (var name in pods.Select(KubeObjects.NodeOf).OfType<string>().Where(load.ContainsKey))
            load[name]++;
        foreach (var pod in pods.Where(p => p.Text("status", "phase") == "Pending" && p.Text("metadata", "deletionTimestamp") is null))
        {
            var node = KubeObjects.NodeOf(pod) ?? LeastLoaded(load);
            if (node is null || !_starting.Add(pod.Uid))
                continue;
            if (load.TryGetValue(node, out var count))
                load[node] = count + 1;
            Start(pod, node);
        }
    }

    private static string? LeastLoaded(Dictionary<string, int> load) => load.Count == 0 ? null : load.MinBy(e => (e.Value, e.Key)).Key;

    private void Start(KubeObject pod, string node)
    {
        if (world.Store.Update("pods", pod.Namespace, pod.Name, p => (p["spec"]!["nodeName"] = node) is not null) is not { } placed)
            return;
        world.LogPod(LabEvents.PodScheduled, placed, node);
        world.Run(async cancel =>
        {
            await world.Clock.DelayAsync(world.Options.PodStartTime, cancel).ConfigureAwait(false);
            while (IsFull(node))
                await Task.Delay(LabClock.Tick, cancel).ConfigureAwait(false);
            // A StatefulSet's next pod has the same name.
            var ready = world.Store.Update("pods", pod.Namespace, pod.Name, p => p["metadata"]!["uid"]!.ToString() == pod.Uid && Ready(p));
            if (ready?.Uid == pod.Uid)
                world.LogPod(LabEvents.PodReady, ready, node);
        });
    }

    private bool IsFull(string node) => world.Faults.Hits(LabFaultKind.FullDisk, node, world.Fleet.Find(node)?.Group.Name ?? "") is not null;

    public static bool Ready(JsonObject pod, bool ready = true)
    {
        pod["status"] = new JsonObject
        {
            ["phase"] = "Running",
            ["conditions"] = new JsonArray(KubeObjects.Conditions("Ready", ready, ready ? "PodReady" : "ContainersNotReady")),
            ["containerStatuses"] = new JsonArray(new JsonObject { ["name"] = "main", ["ready"] = ready, ["restartCount"] = 0 }),
        };
        return true;
    }
}
