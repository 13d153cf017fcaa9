using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>Rolls one instance group in kOps' order: taint all, detach to surge, then drain and terminate as many at once as surge and unavailability allow, validating after each.</summary>
internal sealed class GroupRoll(RollRun run, RolledGroup group, TimeSpan interval)
{
    private const string Source = "instancegroups.go";
    private const string TaintKey = "kops.k8s.io/scheduled-for-update";
    private bool _noneReady = group.Ready.Count == 0;

    public async Task RunAsync()
    {
        // Detached last: their replacements run already, so that the others have room first.
        RolledInstance[] update = [.. group.NeedUpdate.Concat(run.Options.Force ? group.Ready : []).OrderBy(i => i.Detached)];
        if (update.Length == 0)
            return;
        if (!group.IsBastion)
            await run.ValidateAsync("", 1, group).ConfigureAwait(false);
        if (run.Api is not null)
            await TaintAsync([.. update.Where(i => i.Node is not null && !i.IsUnschedulable && !HasTaint(i))]).ConfigureAwait(false);
        int surge = group.IsControlPlane ? 0 : Math.Min(group.Settings.MaxSurge, update.Length);
        int atOnce = group.IsControlPlane ? Math.Max(1, group.Settings.MaxUnavailable) : Math.Max(1, surge + group.Settings.MaxUnavailable);
        if (surge > 0 && run.Api is not null)
            await SurgeAsync(update, surge).ConfigureAwait(false);
        if (group.Settings.DrainAndTerminate)
            await ReplaceAsync(update, atOnce).ConfigureAwait(false);
        else
            run.Log.Info($"{Source}:216", $"Rolling updates for InstanceGroup {group.Name} are disabled");
    }

    private async Task TaintAsync(RolledInstance[] instances)
    {
        if (instances.Length == 0)
            return;
        run.Log.Info($"{Source}:342", $"Tainting {instances.Length} {(instances.Length == 1 ? "node" : "nodes")} in \"{group.Name}\" instancegroup.");
        foreach (RolledInstance instance in instances)
        {
            JsonArray taints = [.. Taints(instance).Select(t => t!.DeepClone()), new JsonObject { ["key"] = TaintKey, ["effect"] = "PreferNoSchedule" }];
            try
            {
                await run.Api!.PatchNodeAsync(instance.NodeName, new JsonObject { ["spec"] = new JsonObject { ["taints"] = taints } }).ConfigureAwait(false);
            }
            catch (KopsError e) when (!run.Options.FailOnDrainError)
            {
                run.Log.Info($"{Source}:348", $"Ignoring error tainting node \"{instance.NodeName}\": {e.Message}");
            }
        }
    }

    private async Task SurgeAsync(RolledInstance[] update, int surge)
    {
        foreach ((int number, RolledInstance instance) in update.Reverse().Take(surge).Index())
        {
            if (instance.Detached)
                continue;
            await DetachAsync(instance).ConfigureAwait(false);
            if (number + 1 < surge && !_noneReady)
                continue;
            run.Log.Info($"{Source}:203", $"waiting for {GoDuration.Text(interval)} after detaching instance");
            await run.WaitAsync(interval).ConfigureAwait(false);
            await run.ValidateAsync(" after detaching instance", run.Options.ValidateCount, group).ConfigureAwait(false);
            _noneReady = false;
        }
    }

    private async Task DetachAsync(RolledInstance instance)
    {
        run.Log.Info($"{Source}:602", $"Detaching instance \"{instance.Id}\", {Node(instance)}in group \"{group.CloudName}\".");
        try
        {
            await run.Cloud.DetachAsync(group, instance).ConfigureAwait(false);
        }
        catch (KopsAwsError e)
        {
            // As kops: what cannot be detached is replaced without a surge.
            run.Log.Error($"{Source}:191", $"Failed to detach instance \"{instance.Id}\": error detaching instance \"{instance.Id}\": {e.Message}");
        }
    }

    private async Task ReplaceAsync(RolledInstance[] update, int atOnce)
    {
        List<Task> running = [];
        foreach ((int number, RolledInstance instance) in update.Index())
        {
            running.Add(ReplaceAsync(instance));
            if (running.Count < atOnce && (!_noneReady || number > 0))
                continue;
            await OneAsync(running).ConfigureAwait(false);
            await ValidateAfterAsync(running).ConfigureAwait(false);
            while (running.Exists(t => t.IsCompleted))
                await OneAsync(running).ConfigureAwait(false);
        }

        if (running.Count == 0)
            return;
        await Task.WhenAll(running).ConfigureAwait(false);
        await ValidateAfterAsync([]).ConfigureAwait(false);
    }

    private static async Task OneAsync(List<Task> running)
    {
        Task first = await Task.WhenAny(running).ConfigureAwait(false);
        running.Remove(first);
        await EndingAsync(first, running).ConfigureAwait(false);
    }

    private Task ValidateAfterAsync(List<Task> running) =>
        EndingAsync(run.ValidateAsync(" after terminating instance", run.Options.ValidateCount, group), running);

    // A failure is told when what runs beside it has ended.
    private static async Task EndingAsync(Task task, List<Task> running)
    {
        try
        {
            await task.ConfigureAwait(false);
        }
        catch
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private async Task ReplaceAsync(RolledInstance instance)
    {
        if (!group.IsBastion)
            await DrainAsync(instance).ConfigureAwait(false);
        run.Log.Info($"{Source}:625", $"Stopping instance \"{instance.Id}\", {Node(instance)}in group \"{group.CloudName}\" (this may take a while).");
        try
        {
            await run.Cloud.TerminateAsync(instance).ConfigureAwait(false);
        }
        catch (KopsAwsError e)
        {
            run.Log.Error($"{Source}:457", $"error deleting instance \"{instance.Id}\", node \"{instance.NodeName}\": {e.Message}");
            throw new KopsError($"error deleting instance \"{instance.Id}\", node \"{instance.NodeName}\": error deleting instance \"{instance.Id}\": {e.Message}");
        }

        run.Log.Info($"{Source}:467", $"waiting for {GoDuration.Text(interval)} after terminating instance");
        await run.WaitAsync(interval).ConfigureAwait(false);
    }

    private async Task DrainAsync(RolledInstance instance)
    {
        if (run.Api is null)
        {
            run.Log.Warning($"{Source}:428", "Not draining cluster nodes as 'cloudonly' flag is set.");
            return;
        }

        if (instance.Node is null)
        {
            run.Log.Warning($"{Source}:440", $"Skipping drain of instance \"{instance.Id}\", because it is not registered in kubernetes");
            return;
        }

        run.Log.Info($"{Source}:431", $"Draining the node: \"{instance.NodeName}\".");
        try
        {
            await new RollDrain(run, group).RunAsync(instance).ConfigureAwait(false);
        }
        catch (Exception e) when (e is KopsError or KopsAwsError)
        {
            if (run.Options.FailOnDrainError)
                throw new KopsError($"failed to drain node \"{instance.NodeName}\": error draining node: {e.Message}");
            run.Log.Info($"{Source}:437", $"Ignoring error draining node \"{instance.NodeName}\": {e.Message}");
        }
    }

    private static JsonArray Taints(RolledInstance instance) => instance.Node?["spec"]?["taints"] as JsonArray ?? [];

    private static bool HasTaint(RolledInstance instance) => Taints(instance).Any(t => $"{t!["key"]}" == TaintKey);

    private static string Node(RolledInstance instance) => instance.Node is null ? "" : $"node \"{instance.NodeName}\", ";
}
