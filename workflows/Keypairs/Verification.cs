using Rotation.Workflows.Activities;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Reports;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Reads the state store and every server, and compares with what the rotation must have made of them.</summary>
internal sealed class Verification(RotationRun run) : IStateCheck
{
    // What nodes show follows a roll with a delay: a proxy that reloads, a kubelet that has just started.
    private static readonly TimeSpan[] Patience = [.. new[] { 1, 2, 5, 10, 20, 40, 60 }.Select(s => TimeSpan.FromSeconds(s))];

    /// <summary>Fails with <c>DriftDetected</c> when the state store is not as this rotation left it.</summary>
    public async Task CheckAsync(string step)
    {
        KeysetsMustMatch(step, await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadKeysetsAsync(run.Cluster), ActivityProfiles.Read($"{step}: compares the keysets with the record")));
    }

    /// <summary>Fails with <c>DriftDetected</c>, or with <c>TrustMismatch</c> when servers still differ after about two minutes.</summary>
    public async Task VerifyAsync(string step)
    {
        run.Board.Say($"{step}: verifies the state store and every server.");
        await CheckAsync(step);
        if (run.ClusterCa is null)
            return;
        for (int attempt = 0; ; attempt++)
        {
            TrustMatrix matrix = await Workflow.ExecuteActivityAsync((ITrustActivities a) => a.ReadTrustAsync(run.Cluster), ActivityProfiles.Probe($"{step}: reads what every server serves and trusts"));
            run.Seen.Servers = matrix;
            IReadOnlyList<string> differences = TrustCheck.OfServers(run.ClusterCa, matrix);
            if (differences.Count == 0)
            {
                run.Board.Record(ReportKind.Verified, "Every server serves and trusts what it must", step: step, facts: [("servers", $"{matrix.Servers.Count}"), ("servedBy", run.ClusterCa.PrimaryId), ("accepts", string.Join(", ", run.ClusterCa.TrustedIds))]);
                return;
            }

            if (attempt == Patience.Length)
                throw RotationErrors.Permanent(RotationErrors.TrustMismatch, $"After {step}: {string.Join("; ", differences.Take(5))}{(differences.Count > 5 ? $"; and {differences.Count - 5} more" : "")}.");
            await run.PauseForAsync(Patience[attempt], $"{step}: {differences[0]}");
            await run.CheckpointAsync();
        }
    }

    /// <summary>Fails with <c>DriftDetected</c>, or with <c>TrustMismatch</c> when a keyset does not sign and trust as before the rotation.</summary>
    public async Task CheckStartAsync()
    {
        await CheckAsync("the way back");
        if (run.Ledgers.FirstOrDefault(l => !l.IsAsBefore) is { } differs)
            throw RotationErrors.Permanent(RotationErrors.TrustMismatch, $"Keyset '{differs.Name}' does not trust what it trusted before the rotation.");
    }

    private void KeysetsMustMatch(string step, Contracts.KeysetList found)
    {
        IReadOnlyList<string> differences = TrustCheck.OfKeysets(run.Ledgers, found);
        if (differences.Count > 0)
            throw RotationErrors.Permanent(RotationErrors.DriftDetected, $"{step}: the state store is not as this rotation left it: {string.Join("; ", differences)}. Put it right or go back; then resume.");
    }
}
