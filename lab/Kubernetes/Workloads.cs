using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>Eviction with budgets, and the end of pods. Replacements are the <see cref="Scheduler"/>'s work.</summary>
internal sealed class Workloads(LabWorld world)
{
    private readonly Lock _evicting = new();

    /// <summary>Evicts a pod, or throws 404, 409 or 429 as the API server would.</summary>
    public void Evict(string ns, string name, string? uid)
    {
        lock (_evicting)
        {
            var pod = world.Store.Get("pods", ns, name) ?? throw new ApiStatusException(404, "NotFound", $"pods \"{name}\" not found");
            if (uid is not null && pod.Uid != uid)
                throw new ApiStatusException(409, "Conflict", $"the UID in the precondition ({uid}) does not match the UID in record ({pod.Uid})");
            if (pod.Text("metadata", "deletionTimestamp") is not null)
                return;
            Allow(pod);
            StopPod(pod, LabEvents.PodEvicted, "evicted");
        }
    }

    /// <summary>Whether every Deployment and StatefulSet has as many ready pods as it wants.</summary>
    public bool AllRun()
    {
        var ready = world.Store.List("pods").Items.Where(KubeObjects.IsPodReady).ToLookup(KubeObjects.OwnerOf);
        return world.Store.List("deployments").Items.TrueForAll(d => ready[$"Deployment/{d.Namespace}/{d.Name}"].Count() >= Scheduler.Replicas(d))
            && world.Store.List("statefulsets").Items.TrueForAll(s => ready[$"StatefulSet/{s.Namespace}/{s.Name}"].Count() >= Scheduler.Replicas(s));
    }

    /// <summary>Marks a pod as ending; after its grace it is gone.</summary>
    public void StopPod(KubeObject pod, string kind, string why)
    {
        var marked = world.Store.Update("pods", pod.Namespace, pod.Name, p =>
        {
            if (p["metadata"]!["deletionTimestamp"] is not null)
                return false;
            p["metadata"]!["deletionTimestamp"] = KubeStore.Timestamp(DateTimeOffset.UtcNow);
            p["metadata"]!["deletionGracePeriodSeconds"] = 30;
            return true;
        });
        if (marked is null || pod.Text("metadata", "deletionTimestamp") is not null)
            return;
        world.LogPod(kind, pod, why);
        WatchBudgets(pod);
        world.Run(async cancel =>
        {
            await world.Clock.DelayAsync(world.Options.PodStopTime, cancel).ConfigureAwait(false);
            Remove(pod);
        });
    }

    /// <summary>Takes a pod away at once: its node is gone.</summary>
    public void Remove(KubeObject pod)
    {
        if (world.Store.Delete("pods", pod.Namespace, pod.Name, pod.Uid) is { } gone)
        {
            world.LogPod(LabEvents.PodGone, gone, "");
            WatchBudgets(gone);
        }
    }

    // An eviction stops while something is left. Less than nothing is what a deletion, or a machine that ended with its pods, leaves behind.
    private void WatchBudgets(KubeObject gone)
    {
        if (!KubeObjects.IsPodReady(gone))
            return;
        foreach (var budget in Budgets(gone).Where(b => Room(b) < 0))
            world.LogPod(LabEvents.BudgetBroken, gone, $"{budget.Namespace}/{budget.Name}");
    }

    private void Allow(KubeObject pod)
    {
        if (world.Faults.Active.FirstOrDefault(f => f.Kind == LabFaultKind.UndrainablePod
            && $"{pod.Namespace}/{pod.Name}".StartsWith(f.Target ?? "", StringComparison.Ordinal)) is { } fault)
            throw Refuse(pod, $"fault {fault.Id}", $"The disruption budget of fault {fault.Id} is still being processed by the server.", retryAfterSeconds: 1);
        foreach (var budget in Budgets(pod))
        {
            if (Allowed(budget) <= 0 && KubeObjects.IsPodReady(pod))
            {
                (int healthy, int needed) = Count(budget);
                throw Refuse(pod, budget.Name, $"The disruption budget {budget.Name} needs {needed} healthy pods and has {healthy} currently");
            }
        }
    }

    private IEnumerable<KubeObject> Budgets(KubeObject pod) =>
        world.Store.List("poddisruptionbudgets", pod.Namespace).Items.Where(b => Selectors.MatchesLabels(b.At("spec", "selector"), pod));

    /// <summary>How many of a budget's pods may be disrupted now.</summary>
    public int Allowed(KubeObject budget)
    {
        var room = Room(budget);
        return world.Faults.Hits(LabFaultKind.BudgetOfZero, $"{budget.Namespace}/{budget.Name}") is null ? room : Math.Min(0, room);
    }

    private int Room(KubeObject budget)
    {
        (int healthy, int needed) = Count(budget);
        return healthy - needed;
    }

    private (int Healthy, int Needed) Count(KubeObject budget)
    {
        var pods = world.Store.List("pods", budget.Namespace).Items.Where(p => Selectors.MatchesLabels(budget.At("spec", "selector"), p)).ToList();
        var healthy = pods.Count(KubeObjects.IsPodReady);
        var expected = ExpectedPods(pods);
        if (budget.Text("spec", "maxUnavailable") is { } most)
            return (healthy, expected - Amount(most, expected));
        return (healthy, Amount(budget.Text("spec", "minAvailable") ?? "0", expected));
    }

    private int ExpectedPods(List<KubeObject> pods)
    {
        var owners = pods.Select(KubeObjects.OwnerOf).OfType<string>().Distinct().Select(o => o.Split('/'));
        var replicas = owners.Sum(o => int.TryParse(world.Store.Get(o[0].ToLowerInvariant() + "s", o[1], o[2])?.Text("spec", "replicas"), out var r) ? r : 0);
        return Math.Max(replicas, pods.Count(p => KubeObjects.OwnerOf(p) is null));
    }

    private static int Amount(string text, int of) =>
        text.EndsWith('%') ? (int)Math.Ceiling(int.Parse(text[..^1]) * of / 100.0) : int.Parse(text);

    // The API server names no time after which to ask again, unless it has not yet counted the budget's pods.
    private ApiStatusException Refuse(KubeObject pod, string budget, string cause, int? retryAfterSeconds = null)
    {
        world.LogPod(LabEvents.EvictionRefused, pod, budget);
        return new ApiStatusException(429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.")
        {
            RetryAfterSeconds = retryAfterSeconds,
            Causes = new JsonArray(new JsonObject { ["reason"] = "DisruptionBudget", ["message"] = cause }),
        };
    }
}
