using Rotation.Activities.Keysets;
using Rotation.Activities.Stores;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>The state store, independent of kops.</summary>
internal sealed class KeystoreSource(KeysetReader keysets, StateStores stores, SuppliedKeypairs supplied) : IFactSource
{
    public string Unread => "keysets-unreadable";

    public FindingSeverity Severity => FindingSeverity.Error;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct)
    {
        ClusterRef cluster = facts.Input.Cluster;
        IStateStore store = stores.For(cluster);
        KeysetList list = await keysets.ReadAllAsync(cluster, ct).ConfigureAwait(false);
        string[] others = [.. (await store.ListFoldersAsync($"{cluster.Name}/pki/private", ct).ConfigureAwait(false)).Where(n => !KeysetReader.CanRotate(n))];
        facts = facts with { Keystore = new(list.Keysets, others, [], await store.KeepsVersionsAsync(ct).ConfigureAwait(false)) };
        return facts with { Keystore = facts.Keystore with { SuppliedProblems = await ProblemsAsync(facts, ct).ConfigureAwait(false) } };
    }

    private async Task<IReadOnlyList<string>> ProblemsAsync(PreflightFacts facts, CancellationToken ct)
    {
        List<string> problems = [];
        foreach (KeysetState keyset in facts.Input.Supplied is null ? [] : facts.Chosen())
            problems.AddRange(await supplied.ProblemsAsync(facts.Input.Supplied!, keyset, ct).ConfigureAwait(false));
        return problems;
    }
}
