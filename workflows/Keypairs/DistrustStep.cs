using Rotation.Workflows.Procedures;

namespace Rotation.Workflows.Keypairs;

/// <summary>Step 5: what was trusted before is trusted no more. Way back: trust it again, and replace nodes by force, because those that lost it may not answer.</summary>
internal sealed class DistrustStep(RotationRun run, KeypairCommands commands, Rollout rollout, KubeconfigDeliveries deliveries, HoldTimes holds) : IRotationStep
{
    /// <summary>Why going back needs force once it has begun.</summary>
    public const string WhyForce = "from step 5 on going back replaces nodes by force and may cut off clients that took the new credentials only";

    public string Name => StepNames.Distrust;

    public string? WhyGate => run.Request.Emergency ? null : "Every client must use its new credentials, and tokens that the old key signed must have run out: after this step they are refused.";

    public string? WhyGateBack => null;

    public Task WaitAsync() => holds.WaitAsync(Name);

    public async Task DoAsync()
    {
        run.Controls.ForceBecause = WhyForce;
        foreach (KeysetLedger ledger in run.Ledgers)
            foreach (string id in ledger.OldIds)
                await commands.DistrustAsync(Name, ledger, id);
        await rollout.ForwardAsync(Name);

        // Step 6 proves it, and is skipped where the API has a certificate of its own.
        if (run.ClusterCa is not null && run.SkipOf(StepNames.ExportNewCa) is not null)
            await run.OnceAsync(Name, "prove", () => deliveries.ProveOldRefusedAsync(Name, StepNames.ExportAdmin));
    }

    public async Task UndoAsync()
    {
        foreach (KeysetLedger ledger in run.Ledgers)
            foreach (string id in ledger.OldIds)
                await commands.TrustAsync(RotationRun.BackOf(Name), ledger, id);
        await rollout.BackAsync(Name, force: run.IsDone(Name, Rollout.UpdateBegun));
        run.Controls.ForceBecause = null;
    }
}
