using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>The activities of state store, kops and people, on a <see cref="FakeCluster"/>.</summary>
internal sealed class FakeActivities(FakeCluster cluster, FakeFaults faults) : IClusterActivities, IKeysetActivities, IApprovalActivities
{
    [Activity]
    public async Task<ClusterFacts> ReadClusterAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(ReadClusterAsync));
        if (reference.Name != cluster.Name)
            throw RotationErrors.Permanent(RotationErrors.ClusterNotFound, $"no cluster {reference.Name}");
        return new() { Name = cluster.Name, KopsVersion = cluster.KopsVersion, CloudProvider = "aws", ApiHasOwnCertificate = cluster.ApiHasOwnCertificate, JwksPublished = cluster.JwksPublished, KopsChangeDeadline = KopsDuration.FromSeconds(10), KopsUpdateDeadline = KopsDuration.FromSeconds(10) };
    }

    [Activity]
    public async Task<KeysetList> ReadKeysetsAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(ReadKeysetsAsync));
        return cluster.Locked(() => new KeysetList([.. cluster.Keysets.Where(k => k.Ids.Count > 0).Select(k => k.ToState())]));
    }

    [Activity]
    public async Task<UpdatePreview> PreviewUpdateAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(PreviewUpdateAsync));
        return cluster.Locked(() => cluster.IsPublished ? new UpdatePreview(0, []) : new(1, ["LaunchTemplate/nodes"]));
    }

    [Activity]
    public async Task<UpdateResult> UpdateClusterAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(UpdateClusterAsync));
        return cluster.Change("update", () =>
        {
            cluster.Publish();
            return new UpdateResult([.. cluster.Nodes.Where(n => n.NeedsUpdate(cluster.Published)).Select(n => n.Id).Order(StringComparer.Ordinal)]);
        });
    }

    [Activity]
    public async Task<InstanceList> ReadInstancesAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(ReadInstancesAsync));
        return cluster.Locked(() => new InstanceList([.. cluster.Nodes.Select(n => n.ToState(cluster.Published))]));
    }

    [Activity]
    public async Task<StagedKeypair> StageKeypairAsync(StageKeypairInput input)
    {
        await faults.EnterAsync(nameof(StageKeypairAsync));
        StagedKeypair staged = cluster.Change("stage", () =>
        {
            FakeKeyset keyset = Keyset(input.Keyset);
            string[] fresh = [.. keyset.Ids.Except(input.KnownIds)];
            if (fresh.Length > 1)
                throw RotationErrors.Permanent(RotationErrors.UnexpectedKeypair, "more than one");
            string id = fresh.FirstOrDefault() ?? cluster.NewId();
            if (fresh.Length == 0)
                keyset.Add(id);
            return new StagedKeypair(input.Keyset, id, FakeKeyset.Fingerprint(id), fresh.Length == 1);
        });
        await faults.EnterAsync("AfterStage");
        return staged;
    }

    [Activity]
    public async Task<KeypairChange> PromoteKeypairAsync(KeypairInput input)
    {
        await faults.EnterAsync(nameof(PromoteKeypairAsync));
        return cluster.Change("promote", () =>
        {
            FakeKeyset keyset = Keyset(input.Keyset);
            bool changed = keyset.Primary != input.KeypairId;
            keyset.Promote(input.KeypairId);
            return new KeypairChange(changed, keyset.Primary);
        });
    }

    [Activity]
    public async Task<KeypairChange> DistrustKeypairAsync(KeypairInput input)
    {
        await faults.EnterAsync(nameof(DistrustKeypairAsync));
        return cluster.Change("distrust", () => new KeypairChange(Keyset(input.Keyset).Set(input.KeypairId, distrusted: true), Keyset(input.Keyset).Primary));
    }

    [Activity]
    public async Task<KeypairChange> TrustKeypairAsync(KeypairInput input)
    {
        await faults.EnterAsync(nameof(TrustKeypairAsync));
        return cluster.Change("trust", () => new KeypairChange(Keyset(input.Keyset).Set(input.KeypairId, distrusted: false), Keyset(input.Keyset).Primary));
    }

    [Activity]
    public async Task<ApprovalVerdict> VerifyApprovalAsync(VerifyApprovalInput input)
    {
        await faults.EnterAsync(nameof(VerifyApprovalAsync));
        return input.Token switch
        {
            "bad" => new() { Refusal = "token: its signature is wrong" },
            "expired" => new() { Refusal = "token: expired at 2026-11-24 12:00:00Z; sign a new one" },
            _ when input.UsedTokenIds.Contains(input.Token) => new() { Refusal = "token: was used already; sign a new one" },
            _ => new() { Accepted = true, Approver = input.Approver, Method = input.Token.Length > 0 ? "ed25519" : "unsigned", TokenId = input.Token },
        };
    }

    private FakeKeyset Keyset(string name) => cluster.Keysets.FirstOrDefault(k => k.Name == name) ?? throw RotationErrors.Permanent(RotationErrors.KeysetUnknown, name);
}
