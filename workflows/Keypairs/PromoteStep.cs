using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Step 3: the new keypairs sign. Way back: promote the previous ones.</summary>
internal sealed class PromoteStep(RotationRun run, KeypairCommands commands, Rollout rollout, HoldTimes holds) : IRotationStep
{
    public string Name => StepNames.Promote;

    public string? WhyGate => run.Request.Emergency ? null : "Every client must have the kubeconfig with both CAs; every server has been seen to trust both.";

    public string? WhyGateBack => run.IsDone(StepNames.ExportNewCa + ExportStep.Past, ExportStep.DeliverBegun) ? "Clients that took the kubeconfig with only the new CA must have the previous one back." : null;

    public Task WaitAsync() => holds.WaitAsync(Name);

    public async Task DoAsync()
    {
        foreach (KeysetLedger ledger in run.Ledgers)
            await commands.PromoteAsync(Name, ledger, ledger.StagedId);
        // Nodes boot with certificates of an issuer that the old control plane does not use yet.
        await rollout.ForwardAsync(Name, blocksJoins: true);
    }

    public async Task UndoAsync()
    {
        foreach (KeysetLedger ledger in run.Ledgers)
            await commands.PromoteAsync(RotationRun.BackOf(Name), ledger, ledger.Before.PrimaryId);
        await rollout.BackAsync(Name, force: false);
        run.SignedByNewUntil = Workflow.UtcNow;
    }
}
