namespace Rotation.Lab.Simulation;

/// <summary>
/// kOps' own order on a simulated cluster, with the defaults of <c>kops rolling-update cluster</c> on AWS: the control plane one by one, worker groups one after another by name, in each one
/// instance detached first, then one at a time drained, terminated and waited for, the cluster validated twice after each.
/// </summary>
public static class KopsOrder
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan PostDrainDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ValidateTick = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ValidateSettle = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EvictAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DrainTimeout = TimeSpan.FromMinutes(15);
    private const int ValidateCount = 2;

    /// <summary>Rolls every instance that needs the update. Throws <see cref="InvalidOperationException"/> where kops would fail: a drain or a validation that takes too long.</summary>
    public static async Task RunAsync(SimCluster cluster)
    {
        foreach (string group in cluster.ControlPlaneGroups)
            await RollAsync(cluster, group, surges: false).ConfigureAwait(false);
        foreach (SimGroup group in cluster.Spec.Groups.OrderBy(g => g.Name, StringComparer.Ordinal))
            await RollAsync(cluster, group.Name, surges: true).ConfigureAwait(false);
    }

    private static async Task RollAsync(SimCluster cluster, string group, bool surges)
    {
        SimNode[] update = [.. cluster.Nodes.Where(n => n.Group == group && n.NeedsUpdate)];
        if (update.Length == 0)
            return;
        await ValidateAsync(cluster, group, 1).ConfigureAwait(false);
        if (surges)
        {
            await cluster.Time.DelayAsync(cluster.Spec.CloudCall).ConfigureAwait(false);
            cluster.Detach(update[^1]);
            await cluster.Time.DelayAsync(Interval).ConfigureAwait(false);
            await ValidateAsync(cluster, group, ValidateCount).ConfigureAwait(false);
        }

        foreach (SimNode node in update)
        {
            await ReplaceAsync(cluster, node).ConfigureAwait(false);
            await ValidateAsync(cluster, group, ValidateCount).ConfigureAwait(false);
        }
    }

    private static async Task ReplaceAsync(SimCluster cluster, SimNode node)
    {
        cluster.Cordon(node);
        if (!await cluster.EvictAsync(node, EvictAgain, LookAgain, DrainTimeout, guarded: false).ConfigureAwait(false))
            throw new InvalidOperationException($"kops gave up draining {node.Id}.");
        await cluster.Time.DelayAsync(PostDrainDelay + cluster.Spec.CloudCall).ConfigureAwait(false);
        cluster.Terminate(node);
        await cluster.Time.DelayAsync(Interval).ConfigureAwait(false);
    }

    private static async Task ValidateAsync(SimCluster cluster, string group, int count)
    {
        TimeSpan end = cluster.Time.Now + TimeSpan.FromMinutes(15);
        for (var passed = 0; ;)
        {
            passed = cluster.Validates(group) ? passed + 1 : 0;
            if (passed >= count)
                return;
            if (passed == 0 && cluster.Time.Now > end)
                throw new InvalidOperationException($"kops gave up validating after a node of {group}.");
            await cluster.Time.DelayAsync(passed > 0 ? ValidateSettle : ValidateTick).ConfigureAwait(false);
        }
    }
}
