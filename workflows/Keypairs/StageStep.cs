using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Step 1: one new keypair a keyset, trusted by every node. Way back: distrust the new ones.</summary>
internal sealed class StageStep(RotationRun run, KeypairCommands commands, Rollout rollout, HoldTimes holds) : IRotationStep
{
    public string Name => StepNames.Stage;

    public string? WhyGate => $"The plan must be approved: query `plan`. {run.Plan.Findings.Count(f => f.Severity == FindingSeverity.Warning)} warnings.";

    public string? WhyGateBack => run.IsDone(StepNames.ExportAdmin + ExportStep.Past, ExportStep.DeliverBegun) ? "Clients that took credentials of the new CA must have the previous ones back: after this they are refused." : null;

    public async Task DoAsync()
    {
        foreach (KeysetLedger ledger in run.Ledgers)
            await commands.StageAsync(Name, ledger);
        await rollout.ForwardAsync(Name);
    }

    public async Task UndoAsync()
    {
        string back = RotationRun.BackOf(Name);
        await run.OnceAsync(back, "find", FindUnrecordedAsync);
        await holds.WaitBackAsync(back);
        foreach (KeysetLedger ledger in run.Ledgers.Where(l => l.StagedId.Length > 0))
            await commands.DistrustAsync(back, ledger, ledger.StagedId);
        await rollout.BackAsync(Name, force: false);
    }

    // An attempt may have staged a keypair and died before it could say so.
    private async Task FindUnrecordedAsync()
    {
        KeysetList found = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadKeysetsAsync(run.Cluster), ActivityProfiles.Read($"back from {Name}: reads the keysets"));
        foreach (KeysetLedger ledger in run.Ledgers)
            if (found.Keysets.FirstOrDefault(k => k.Name == ledger.Name) is { } keyset && ledger.StagedId.Length == 0 && ledger.Unrecorded(keyset) is { } ours)
                ledger.Staged(ours.Id, ours.Fingerprint);
    }
}
