using Rotation.Workflows.Activities;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Legacy;

/// <summary>The actions of the disruptive procedure, each deletion, host and wait done once a step, however often the step is tried.</summary>
internal sealed class LegacyActs(LegacyRun run, LegacyCheck check, Rollout rollout, KubeconfigDeliveries deliveries)
{
    private readonly Dictionary<string, DateTimeOffset> _began = [];

    public Task BackUpAsync(string step) => run.OnceAsync(step, "backup", async () =>
    {
        run.Board.Say($"{step}: copies every credential.");
        run.Backup = await Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.BackUpCredentialsAsync(run.Cluster), ActivityProfiles.Pass($"{step}: copies pki and secrets"));
    });

    public async Task DeleteAsync(string step)
    {
        foreach (string name in run.Plan.Deletes.Secrets)
            await DeleteOneAsync(step, CredentialKind.Secret, name);
        foreach (string name in run.Plan.Deletes.Keysets)
            await DeleteOneAsync(step, CredentialKind.Keypair, name);
    }

    public async Task UpdateAsync(string step)
    {
        await run.OnceAsync(step, "update", () =>
        {
            run.UpdateBegun = true;
            run.Controls.ForceBecause = "from step 3 on going back replaces every node by force, without draining, and cuts off clients that took the new credentials only";
            return rollout.UpdateOnlyAsync(step);
        });
        await run.OnceAsync(step, "read", async () => run.Made = await check.NewKeysetsAsync(step));
    }

    public Task RemoveEtcdCertificatesAsync(string step) => OnHostsAsync(step, "removes etcd's certificates", (input, options) => Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.RemoveEtcdCertificatesAsync(input), options));

    public async Task RollAsync(string step)
    {
        await rollout.RollAsync(step, force: true);
        await run.OnceAsync(step, "verify", () => check.VerifyAsync(step, run.Made));
    }

    public async Task ExportAsync(string step)
    {
        await run.OnceAsync(step, "deliver", () =>
        {
            run.DeliverBegun = true;
            return deliveries.DeliverAsync(step, KubeconfigKind.Admin);
        });
        await run.OnceAsync(step, "prove", () => deliveries.ProveOldRefusedAsync(step, step));
    }

    public Task UnexportAsync(string step) => run.DeliverBegun ? run.OnceAsync(ProcedureRun.BackOf(step), "restore", () => deliveries.RestoreAsync(step)) : Task.CompletedTask;

    public async Task RenewTokensAsync(string step)
    {
        run.TokensBegun = true;
        await DeleteOlderAsync(step, "service-account tokens", input => Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.DeleteServiceAccountTokensAsync(input), ActivityProfiles.Pass($"{step}: deletes service-account tokens")));
        await SettleAsync(step, "tokens are made anew");
        await OnHostsAsync(step, "restarts the controller manager", (input, options) => Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.RestartControllerManagerAsync(input), options));
        await SettleAsync(step, "controllers start");
        await DeleteOlderAsync(step, "pods", input => Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.DeletePodsAsync(input), ActivityProfiles.Pass($"{step}: deletes pods")));
    }

    public Task ValidateAsync(string step) => run.OnceAsync(step, "validate", () => check.ValidateAsync(step));

    /// <summary>The way back of every step from the deletion on: the copy, an update, and, where nodes may have booted with new credentials, every node once more.</summary>
    public async Task PutBackAsync(string step)
    {
        string back = ProcedureRun.BackOf(step);
        if (!run.DeleteBegun)
            return;
        await run.OnceAsync(back, "put back", () => PutBackCopyAsync(back));
        await run.OnceAsync(back, "update", () => rollout.UpdateOnlyAsync(back));
        if (run.UpdateBegun)
        {
            await RemoveEtcdCertificatesAsync(back);
            await rollout.RollAsync(back, force: true);
            await run.OnceAsync(back, "verify", () => check.VerifyAsync(back, run.Before));
            if (run.TokensBegun)
                await RenewTokensAsync(back);
            await ValidateAsync(back);
        }

        run.Controls.ForceBecause = null;
    }

    private async Task PutBackCopyAsync(string back)
    {
        run.Board.Say($"{back}: puts every credential back.");
        BackupState state = await Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.RestoreCredentialsAsync(run.Cluster), ActivityProfiles.Pass($"{back}: puts pki and secrets back"));
        if (state != run.Backup)
            throw RotationErrors.Permanent(RotationErrors.BackupDamaged, $"{back}: {state.Files} files were put back with SHA-256 {state.Sha256}; copied were {run.Backup.Files} with {run.Backup.Sha256}.");
        run.Made = [];
    }

    private Task DeleteOneAsync(string step, CredentialKind kind, string name) => run.OnceAsync(step, $"delete {kind} {name}", async () =>
    {
        run.DeleteBegun = true;
        run.Board.Say($"{step}: deletes {kind.ToString().ToLowerInvariant()} {name}.");
        await Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.DeleteCredentialAsync(new() { Cluster = run.Cluster, Kind = kind, Name = name }), run.Profiles.Change($"{step}: kops delete secret {kind.ToString().ToLowerInvariant()} {name}"));
    });

    // Hosts that were replaced have other keys: what the worker's configuration pins now counts, not what it pinned when the plan was made.
    private async Task OnHostsAsync(string step, string doing, Func<HostInput, ActivityOptions, Task> act)
    {
        CredentialNames names = await Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.ReadCredentialNamesAsync(run.Cluster), ActivityProfiles.Read($"{step}: reads the pinned hosts"));
        foreach (string host in names.Hosts)
            await run.OnceAsync(step, $"{doing} {host}", () =>
            {
                run.Board.Say($"{step}: {doing} on {host}.");
                return act(new() { Cluster = run.Cluster, Host = host }, ActivityProfiles.Pass($"{step}: {doing} on {host}"));
            });
    }

    private Task SettleAsync(string step, string until) => run.OnceAsync(step, $"settle {until}", async () =>
    {
        run.Board.Say($"{step}: waits {run.Request.Settle} until {until}.");
        await Workflow.DelayWithOptionsAsync(new(run.Request.Settle.Value, $"{step}: {until}", CancellationToken.None));
    });

    // The moment is that of the first attempt: what came up since is never deleted by a second.
    private Task DeleteOlderAsync(string step, string what, Func<OlderThanInput, Task> delete) => run.OnceAsync(step, $"delete {what}", async () =>
    {
        _began.TryAdd($"{step} {what}", Workflow.UtcNow);
        run.Board.Say($"{step}: deletes {what}.");
        await delete(new() { Cluster = run.Cluster, Before = _began[$"{step} {what}"] });
    });
}
