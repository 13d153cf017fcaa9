using Rotation.Workflows.Activities;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Changes of keypairs, each an activity of its own, recorded in the ledger when it is done.</summary>
internal sealed class KeypairCommands(RotationRun run)
{
    public Task StageAsync(string step, KeysetLedger ledger) => run.OnceAsync(step, $"stage {ledger.Name}", async () =>
    {
        run.Board.Say($"{step}: stages a keypair of {ledger.Name}.");
        var input = new StageKeypairInput { Cluster = run.Cluster, Keyset = ledger.Name, KnownIds = [.. ledger.Before.Keypairs.Select(k => k.Id)] };
        StagedKeypair staged = await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.StageKeypairAsync(input), run.Profiles.Change($"{step}: create keypair {ledger.Name}"));
        ledger.Staged(staged.KeypairId, staged.Fingerprint);
    });

    public Task PromoteAsync(string step, KeysetLedger ledger, string id) => run.OnceAsync(step, $"promote {ledger.Name}", async () =>
    {
        run.Board.Say($"{step}: promotes {id} of {ledger.Name}.");
        await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.PromoteKeypairAsync(Input(ledger, id)), run.Profiles.Change($"{step}: promote keypair {ledger.Name} {id}"));
        ledger.Promoted(id);
    });

    public Task DistrustAsync(string step, KeysetLedger ledger, string id) => run.OnceAsync(step, $"distrust {ledger.Name} {id}", async () =>
    {
        run.Board.Say($"{step}: distrusts {id} of {ledger.Name}.");
        await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.DistrustKeypairAsync(Input(ledger, id)), run.Profiles.Change($"{step}: distrust keypair {ledger.Name} {id}"));
        ledger.Distrust(id);
    });

    public Task TrustAsync(string step, KeysetLedger ledger, string id) => run.OnceAsync(step, $"trust {ledger.Name} {id}", async () =>
    {
        run.Board.Say($"{step}: trusts {id} of {ledger.Name} again.");
        await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.TrustKeypairAsync(Input(ledger, id)), run.Profiles.Change($"{step}: trust keypair {ledger.Name} {id}"));
        ledger.Trust(id);
    });

    private KeypairInput Input(KeysetLedger ledger, string id) => new() { Cluster = run.Cluster, Keyset = ledger.Name, KeypairId = id };
}
