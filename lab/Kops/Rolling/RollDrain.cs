using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>Cordons and drains one node as kops does: kubectl's drain with force, DaemonSets left alone, emptyDir data given up.</summary>
internal sealed class RollDrain(RollRun run, RolledGroup group)
{
    private const string Source = "instancegroups.go";
    private const string ExcludeFromBalancers = "node.kubernetes.io/exclude-from-external-load-balancers";
    private static readonly TimeSpan EvictAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeregisterAgain = TimeSpan.FromSeconds(5);

    /// <summary>Fails with <see cref="KopsError"/> when a pod is still there at the end of the time.</summary>
    public async Task RunAsync(RolledInstance instance)
    {
        string node = instance.NodeName;
        if (!instance.IsUnschedulable && !await run.Api!.PatchNodeAsync(node, new JsonObject { ["spec"] = new JsonObject { ["unschedulable"] = true } }).ConfigureAwait(false))
            return;
        if (!await run.Api!.PatchNodeAsync(node, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [ExcludeFromBalancers] = "" } } }).ConfigureAwait(false))
            return;
        await DeregisterAsync(instance).ConfigureAwait(false);
        await EvictAllAsync(node).ConfigureAwait(false);
        if (run.Options.PostDrainDelay <= TimeSpan.Zero)
            return;
        run.Log.Info($"{Source}:708", $"Waiting for {GoDuration.Text(run.Options.PostDrainDelay)} for pods to stabilize after draining.");
        await run.WaitAsync(run.Options.PostDrainDelay).ConfigureAwait(false);
    }

    private async Task DeregisterAsync(RolledInstance instance)
    {
        if (group.IsControlPlane && !run.Options.Deregisters)
        {
            run.Log.Info($"{Source}:688", $"skipping deregistration of instance \"{instance.Id}\", as part of instancegroup with role \"{group.Role}\"");
            return;
        }

        if (group.ClassicBalancers.Count > 0)
            run.Log.Info("aws_cloud.go:632", $"Deregistering instance from classic loadBalancers: [{string.Join(' ', group.ClassicBalancers)}]");
        foreach (string balancer in group.ClassicBalancers)
        {
            while (await run.Cloud.LeaveClassicAsync(balancer, instance).ConfigureAwait(false))
                await run.WaitAsync(DeregisterAgain).ConfigureAwait(false);
        }

        foreach (string target in group.TargetGroups)
        {
            run.Log.Info("aws_cloud.go:693", $"Deregistering instance from targetGroup: {target}");
            while (await run.Cloud.DeregisterAsync(target, instance).ConfigureAwait(false))
                await run.WaitAsync(DeregisterAgain).ConfigureAwait(false);
            run.Log.Info("aws_cloud.go:733", $"Successfully drained instance from targetGroup: {target}");
        }
    }

    private async Task EvictAllAsync(string node)
    {
        IReadOnlyList<JsonObject> pods = await run.Api!.PodsAsync(node).ConfigureAwait(false);
        string[] daemons = [.. pods.Where(p => Owner(p) == "DaemonSet").Select(Name)];
        if (daemons.Length > 0)
            run.Errors.Write($"Warning: ignoring DaemonSet-managed Pods: {string.Join(", ", daemons)}\n");
        await Task.WhenAll(pods.Where(p => Owner(p) != "DaemonSet" && !IsMirror(p)).Select(EvictAsync)).ConfigureAwait(false);
    }

    private async Task EvictAsync(JsonObject pod)
    {
        (string ns, string name, string uid) = ($"{pod["metadata"]!["namespace"]}", $"{pod["metadata"]!["name"]}", $"{pod["metadata"]!["uid"]}");
        string node = $"{pod["spec"]!["nodeName"]}";
        long start = RollRun.Now;
        run.Output.Write($"evicting pod {ns}/{name}\n");
        while (await run.Api!.EvictAsync(ns, name).ConfigureAwait(false) is { } refusal)
        {
            ThrowIfOver(start, $"error when evicting pods/\"{name}\" -n \"{ns}\": ");
            run.Errors.Write($"error when evicting pods/\"{name}\" -n \"{ns}\" (will retry after {GoDuration.Text(EvictAgain)}): {refusal}\n");
            await run.WaitAsync(EvictAgain).ConfigureAwait(false);
        }

        while ((await run.Api!.PodsAsync(node).ConfigureAwait(false)).Any(p => $"{p["metadata"]!["uid"]}" == uid))
        {
            ThrowIfOver(start, $"error when waiting for pod \"{name}\" in namespace \"{ns}\" to terminate: ");
            await run.WaitAsync(LookAgain).ConfigureAwait(false);
        }
    }

    private void ThrowIfOver(long start, string what)
    {
        if (run.Since(start) > run.Options.DrainTimeout)
            throw new KopsError($"{what}global timeout reached: {GoDuration.Text(run.Options.DrainTimeout)}");
    }

    private static string Name(JsonObject pod) => $"{pod["metadata"]!["namespace"]}/{pod["metadata"]!["name"]}";

    private static string Owner(JsonObject pod) => $"{(pod["metadata"]!["ownerReferences"] as JsonArray)?[0]?["kind"]}";

    private static bool IsMirror(JsonObject pod) => pod["metadata"]!["annotations"]?["kubernetes.io/config.mirror"] is not null;
}
