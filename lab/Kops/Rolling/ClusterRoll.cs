namespace Rotation.Lab.Kops.Rolling;

/// <summary>kOps' order: bastions side by side, the control plane group by group, API servers, then worker groups one after another by name.</summary>
internal static class ClusterRoll
{
    private const string Source = "rollingupdate.go";

    /// <summary>Rolls every group. Fails with what failed: at once for bastions, the control plane and a cluster that does not validate, at the end for other groups.</summary>
    public static async Task RunAsync(RollRun run, string cluster, IReadOnlyList<RolledGroup> groups)
    {
        await StoppingAsync("bastion", () => Task.WhenAll(groups.Where(g => g.IsBastion).Select(g => new GroupRoll(run, g, run.Options.BastionInterval).RunAsync()))).ConfigureAwait(false);
        foreach (RolledGroup group in groups.Where(g => g.IsControlPlane))
            await StoppingAsync("control-plane node", new GroupRoll(run, group, run.Options.ControlPlaneInterval).RunAsync).ConfigureAwait(false);
        List<string> failures = [];
        foreach (RolledGroup group in groups.Where(g => g.Role == "APIServer").Concat(groups.Where(g => g.Role == "Node")))
            await CollectingAsync(run, group, failures).ConfigureAwait(false);
        run.Log.Info($"{Source}:234", $"Rolling update completed for cluster \"{cluster}\"!");
        if (failures.Count > 0)
            throw new KopsError(failures.Count == 1 ? failures[0] : $"[{string.Join(", ", failures)}]");
    }

    private static async Task StoppingAsync(string what, Func<Task> roll)
    {
        try
        {
            await roll().ConfigureAwait(false);
        }
        catch (Exception e) when (e is KopsError or KopsAwsError or RollTimeout)
        {
            throw new KopsError($"{what} not healthy after update, stopping rolling-update: \"{e.Message.Replace("\"", "\\\"", StringComparison.Ordinal)}\"");
        }
    }

    private static async Task CollectingAsync(RollRun run, RolledGroup group, List<string> failures)
    {
        try
        {
            await new GroupRoll(run, group, run.Options.NodeInterval).RunAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is KopsError or KopsAwsError or RollTimeout)
        {
            run.Log.Error($"{Source}:218", $"failed to roll InstanceGroup \"{group.Name}\": {e.Message}");
            if (e is RollTimeout)
                throw new KopsError(e.Message);
            failures.Add(e.Message);
        }
    }
}
