using Rotation.Workflows.Activities;
using Rotation.Workflows.Reports;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Changes of keypairs, each an activity of its own, recorded in the ledger when it is done.</summary>
internal sealed class KeypairCommands(RotationRun run)
{
    /// <summary>Under what a staged keypair is remembered.</summary>
    public static string Staging(string keyset) => $"stage {keyset}";

    /// <summary>Under what a promoted keypair is remembered.</summary>
    public static string Promoting(string keyset) => $"promote {keyset}";

    /// <summary>Under what a distrusted keypair is remembered.</summary>
    public static string Distrusting(string keyset, string id) => $"distrust {keyset} {id}";

    public Task StageAsync(string step, KeysetLedger ledger) => run.OnceAsync(step, Staging(ledger.Name), async () =>
    {
        run.Board.Say($"{step}: stages a keypair of {ledger.Name}.");
        var input = new StageKeypairInput { Cluster = run.Cluster, Keyset = ledger.Name, KnownIds = [.. ledger.Before.Keypairs.Select(k => k.Id)] };
        StagedKeypair staged = await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.StageKeypairAsync(input), run.Profiles.Change($"{step}: create keypair {ledger.Name}"));
        ledger.Staged(staged.KeypairId, staged.Fingerprint);
        run.Board.Record(ReportKind.Changed, $"kops create keypair {ledger.Name}", step: step, facts: [("keypairId", staged.KeypairId), ("fingerprint", staged.Fingerprint), ("primaryBefore", ledger.Before.PrimaryId), ("adopted", staged.Adopted ? "an earlier attempt had made it" : "no")]);
    });

    public Task PromoteAsync(string step, KeysetLedger ledger, string id) => run.OnceAsync(step, Promoting(ledger.Name), async () =>
    {
        run.Board.Say($"{step}: promotes {id} of {ledger.Name}.");
        KeypairChange change = await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.PromoteKeypairAsync(Input(ledger, id)), run.Profiles.Change($"{step}: promote keypair {ledger.Name} {id}"));
        ledger.Promoted(id);
        Record(step, $"kops promote keypair {ledger.Name} {id}", change);
    });

    public Task DistrustAsync(string step, KeysetLedger ledger, string id) => run.OnceAsync(step, Distrusting(ledger.Name, id), async () =>
    {
        run.Board.Say($"{step}: distrusts {id} of {ledger.Name}.");
        KeypairChange change = await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.DistrustKeypairAsync(Input(ledger, id)), run.Profiles.Change($"{step}: distrust keypair {ledger.Name} {id}"));
        ledger.Distrust(id);
        Record(step, $"kops distrust keypair {ledger.Name} {id}", change);
    });

    public Task TrustAsync(string step, KeysetLedger ledger, string id) => run.OnceAsync(step, $"trust {ledger.Name} {id}", async () =>
    {
        run.Board.Say($"{step}: trusts {id} of {ledger.Name} again.");
        KeypairChange change = await Workflow.ExecuteActivityAsync((IKeysetActivities a) => a.TrustKeypairAsync(Input(ledger, id)), run.Profiles.Change($"{step}: trust keypair {ledger.Name} {id}"));
        ledger.Trust(id);
        Record(step, $"kops trust keypair {ledger.Name} {id}", change);
    });

    private void Record(string step, string command, KeypairChange change) =>
        run.Board.Record(ReportKind.Changed, command, step: step, facts: [("primaryNow", change.PrimaryId), ("changed", change.Changed ? "yes" : "it was so already")]);

    private KeypairInput Input(KeysetLedger ledger, string id) => new() { Cluster = run.Cluster, Keyset = ledger.Name, KeypairId = id };
}
