namespace Rotation.Workflows.Keypairs;

/// <summary>Step 3: the new keypairs sign. Way back: promote the previous ones.</summary>
internal sealed class PromoteStep(RotationRun run, KeypairCommands commands, Rollout rollout) : IRotationStep
{
    public string Name => StepNames.Promote;

    public async Task DoAsync()
    {
        foreach (KeysetLedger ledger in run.Ledgers)
            await commands.PromoteAsync(Name, ledger, ledger.StagedId);
        await rollout.ForwardAsync(Name);
    }

    public async Task UndoAsync()
    {
        foreach (KeysetLedger ledger in run.Ledgers)
            await commands.PromoteAsync(RotationRun.BackOf(Name), ledger, ledger.Before.PrimaryId);
        await rollout.BackAsync(Name, force: false);
    }
}
