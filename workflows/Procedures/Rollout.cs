using Rotation.Workflows.Activities;
using Rotation.Workflows.Reports;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Brings what was changed to the nodes: update, compare with the forecast, roll, verify. Every part is done once a step, however often the step is tried.</summary>
/// <param name="run">The rotation.</param>
/// <param name="rolls">Replaces the nodes.</param>
/// <param name="difference">How the instances that need the update differ from the forecast, in words; null when they do not. Null itself where there is no forecast.</param>
/// <param name="verify">Compares with what the step, or its way back, should have made.</param>
internal sealed class Rollout(ProcedureRun run, NodeRolls rolls, Func<InstanceList, IReadOnlyList<string>, string?>? difference, Func<string, Task> verify)
{
    /// <summary>Noted before the first update, which may succeed without being recorded: from then on instances may boot with what was changed.</summary>
    public const string UpdateBegun = "update-begun";

    private string[] _forced = [];
    private DateTimeOffset? _updated;

    /// <summary>After a step forward.</summary>
    /// <param name="step">The step.</param>
    /// <param name="force">True: replaces every instance, because kops does not see that it needs the update.</param>
    /// <param name="blocksJoins">True: from the update on new workers cannot join until the control plane was rolled.</param>
    public async Task ForwardAsync(string step, bool force = false, bool blocksJoins = false)
    {
        await run.OnceAsync(step, "update", () =>
        {
            run.Note(step, UpdateBegun);
            return UpdateAsync(step, mustMatch: !run.WasBegunBefore(step));
        });
        await RollAsync(step, force, blocksJoins);
        await run.OnceAsync(step, "verify", () => verify(step));
    }

    /// <summary>After a step's keysets were put back. By force every instance is replaced, whether or not it needs the update.</summary>
    public async Task BackAsync(string step, bool force)
    {
        string back = ProcedureRun.BackOf(step);
        await run.OnceAsync(back, "update", () => UpdateAsync(back, mustMatch: false));
        await RollAsync(back, force);
        await run.OnceAsync(back, "verify", () => verify(back));
    }

    /// <summary>Replaces the instances that need the update, or by force every one that there is at its first attempt.</summary>
    public async Task RollAsync(string step, bool force, bool blocksJoins = false)
    {
        string[] all = force ? await ForcedAsync(step) : [];
        await run.OnceAsync(step, "roll", () => rolls.RollAsync(step, all, blocksJoins ? _updated : null));
    }

    // Read once: a second attempt must not roll the replacements of the first.
    private async Task<string[]> ForcedAsync(string step)
    {
        await run.OnceAsync(step, "list", async () => _forced = [.. (await ReadInstancesAsync(step)).Instances.Select(i => i.Id)]);
        return _forced;
    }

    /// <summary>Updates where nothing has to be rolled: fails with <c>UnexpectedUpdateCount</c> when something has to.</summary>
    public Task UpdateOnlyAsync(string step) => UpdateAsync(step, mustMatch: true);

    private async Task UpdateAsync(string step, bool mustMatch)
    {
        run.Board.Say($"{step}: updates the cluster's specification.");
        // Where the CA was deleted there is no credential to read them with.
        InstanceList? before = difference is null ? null : await ReadInstancesAsync(step);
        _updated = Workflow.UtcNow;
        UpdateResult result = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.UpdateClusterAsync(run.Cluster), run.Profiles.Update($"{step}: kops update cluster"));
        run.Board.Record(ReportKind.Changed, "kops update cluster --yes", step: step, facts: [("needUpdate", $"{result.NeedUpdate.Count}")]);
        if (!mustMatch || before is null || difference!(before, result.NeedUpdate) is null)
            return;

        // Groups grow and shrink by themselves: only a difference that is still there counts.
        InstanceList now = await ReadInstancesAsync(step);
        string[] needUpdate = [.. now.Instances.Where(i => i.NeedsUpdate).Select(i => i.Id)];
        InstanceList judged = new([.. now.Instances.Select(i => i with { NeedsUpdate = before.Instances.Any(b => b.Id == i.Id && b.NeedsUpdate) })]);
        if (difference(judged, needUpdate) is { } found && !run.Controls.Accepted)
            throw RotationErrors.Permanent(RotationErrors.UnexpectedUpdateCount, $"After the update of {step} {found}. Look at `kops rolling-update cluster`; then resume, with \"force\": true to accept it as it is, or go back.");
    }

    private Task<InstanceList> ReadInstancesAsync(string step) =>
        Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadInstancesAsync(run.Cluster), ActivityProfiles.Read($"{step}: reads the instances"));
}
