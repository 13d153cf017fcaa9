using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Legacy;

/// <summary>Compares state store, servers and cluster with what they were, or with what kops made new.</summary>
internal sealed class LegacyCheck(LegacyRun run) : IStateCheck
{
    private static readonly TimeSpan ValidationLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Before the first deletion: fails with <c>DriftDetected</c> when keysets are not as planned. Afterwards there is nothing left to compare with.</summary>
    public async Task CheckAsync(string step)
    {
        if (!run.DeleteBegun)
            KeysetsMustBe(step, run.Before, await KeysetsAsync(step));
    }

    /// <inheritdoc/>
    public async Task CheckStartAsync() => KeysetsMustBe("the way back", run.Before, await KeysetsAsync("the way back"));

    /// <summary>Fails with <c>DriftDetected</c> when a keyset differs, and with <c>TrustMismatch</c> when a server still does after about ten minutes.</summary>
    public async Task VerifyAsync(string step, IReadOnlyList<KeysetLedger> ledgers)
    {
        run.Board.Say($"{step}: verifies the state store and every server.");
        KeysetsMustBe(step, ledgers, await KeysetsAsync(step));
        if (LegacyRun.CaOf(ledgers) is { } ca)
            await UntilAsync(step, RotationErrors.TrustMismatch, async () => TrustCheck.OfServers(ca, await Workflow.ExecuteActivityAsync((ITrustActivities a) => a.ReadTrustAsync(run.Cluster), ActivityProfiles.Probe($"{step}: reads what every server serves and trusts"))));
    }

    /// <summary>Fails with <c>ValidationFailed</c> when the cluster does not validate within ten minutes.</summary>
    public Task ValidateAsync(string step) => UntilAsync(step, RotationErrors.ValidationFailed, async () =>
        (await Workflow.ExecuteActivityAsync((INodeActivities a) => a.ValidateClusterAsync(run.Cluster), ActivityProfiles.Read($"{step}: validates the cluster"))).Findings);

    /// <summary>Reads the keysets that kops made. Fails with <c>TrustMismatch</c> when one of the old ones is still there.</summary>
    public async Task<IReadOnlyList<KeysetLedger>> NewKeysetsAsync(string step)
    {
        KeysetList found = await KeysetsAsync(step);
        string[] left = [.. run.Before.SelectMany(b => b.Before.Keypairs.Select(k => k.Id).Intersect(found.Keysets.FirstOrDefault(f => f.Name == b.Name)?.Keypairs.Select(k => k.Id) ?? []).Select(id => $"{id} of {b.Name}"))];
        string[] missing = [.. run.Before.Select(b => b.Name).Except(found.Keysets.Select(f => f.Name))];
        if (left.Length > 0 || missing.Length > 0)
            throw RotationErrors.Permanent(RotationErrors.TrustMismatch, $"{step}: kops did not make every keypair anew: {string.Join(", ", left.Select(l => $"{l} is still there").Concat(missing.Select(m => $"{m} is missing")))}.");
        return [.. found.Keysets.Select(k => new KeysetLedger(k))];
    }

    private Task<KeysetList> KeysetsAsync(string step) => Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadKeysetsAsync(run.Cluster), ActivityProfiles.Read($"{step}: reads the keysets"));

    private async Task UntilAsync(string step, string errorType, Func<Task<IReadOnlyList<string>>> differences)
    {
        for (DateTimeOffset end = Workflow.UtcNow + ValidationLimit; ;)
        {
            IReadOnlyList<string> found = await differences();
            if (found.Count == 0)
                return;
            if (Workflow.UtcNow >= end)
                throw RotationErrors.Permanent(errorType, $"After {step}: {string.Join("; ", found.Take(5))}{(found.Count > 5 ? $"; and {found.Count - 5} more" : "")}.");
            await run.PauseForAsync(Pause, $"{step}: {found[0]}");
            await run.CheckpointAsync();
        }
    }

    private static void KeysetsMustBe(string step, IReadOnlyList<KeysetLedger> ledgers, KeysetList found)
    {
        IReadOnlyList<string> differences = TrustCheck.OfKeysets(ledgers, found);
        if (differences.Count > 0)
            throw RotationErrors.Permanent(RotationErrors.DriftDetected, $"{step}: the state store is not as this rotation left it: {string.Join("; ", differences)}. Put it right or go back; then resume.");
    }
}
