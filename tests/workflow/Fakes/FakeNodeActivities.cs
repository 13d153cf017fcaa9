using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>The activities of nodes, kubeconfigs and trust, on a <see cref="FakeCluster"/>.</summary>
internal sealed class FakeNodeActivities(FakeCluster cluster, FakeFaults faults) : INodeActivities, IKubeconfigActivities, ITrustActivities, IKopsRollActivities
{
    [Activity]
    public async Task<InstanceList> ReadFleetAsync(FleetInput input)
    {
        await faults.EnterAsync(nameof(ReadFleetAsync));
        return cluster.Locked(() => new InstanceList([.. cluster.Nodes.Select(n => n.ToState(cluster.Published))]));
    }

    [Activity]
    public async Task<int> HoldScaleDownAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(HoldScaleDownAsync));
        return cluster.Locked(() => cluster.Hold(held: true));
    }

    [Activity]
    public async Task<int> ReleaseScaleDownAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(ReleaseScaleDownAsync));
        return cluster.Locked(() => cluster.Hold(held: false));
    }

    [Activity]
    public Task TaintNodesAsync(TaintNodesInput input) => ActAsync(nameof(TaintNodesAsync), () =>
    {
        foreach (FakeNode node in cluster.Nodes.Where(n => input.Instances.Contains(n.Id)))
            node.Tainted = !input.Remove;
    });

    [Activity]
    public Task DetachInstanceAsync(NodeInput input) => ActAsync(nameof(DetachInstanceAsync), () => cluster.Detach(input.Instance.Id));

    [Activity]
    public Task CordonNodeAsync(NodeInput input) => ActAsync(nameof(CordonNodeAsync), () => Mark(input.Instance.Id, cordoned: true));

    [Activity]
    public Task UncordonNodeAsync(NodeInput input) => ActAsync(nameof(UncordonNodeAsync), () => Mark(input.Instance.Id, cordoned: false));

    [Activity]
    public async Task<DrainResult> DrainNodeAsync(DrainNodeInput input)
    {
        cluster.Locked(() =>
        {
            Mark(input.Instance.Id, cordoned: true);
            return true;
        });
        await faults.EnterAsync(nameof(DrainNodeAsync));
        if (!input.Force)
            await faults.EnterAsync($"Drain {input.Instance.Id}");
        cluster.Locked(() => cluster.Find(input.Instance.Id) is { } node && (node.Drained = true));
        return new(3, 1);
    }

    [Activity]
    public Task TerminateInstanceAsync(NodeInput input) => ActAsync(nameof(TerminateInstanceAsync), () => cluster.Terminate(input.Instance.Id));

    [Activity]
    public async Task<InstanceList> AwaitGroupAsync(AwaitGroupInput input)
    {
        await faults.EnterAsync(nameof(AwaitGroupAsync));
        await faults.EnterAsync($"Await {input.InstanceGroup}");
        if (input.HoldScaleDown)
            cluster.Locked(() => cluster.Hold(held: true));
        return cluster.Locked(() => new InstanceList([.. cluster.Nodes.Where(n => n.Group == input.InstanceGroup && !n.Detached).Select(n => n.ToState(cluster.Published))]));
    }

    [Activity]
    public async Task<ValidationResult> ValidateClusterAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(ValidateClusterAsync));
        return new(faults.Findings);
    }

    [Activity]
    public async Task<DeliveryResult> DeliverKubeconfigAsync(DeliverKubeconfigInput input)
    {
        await faults.EnterAsync(nameof(DeliverKubeconfigAsync));
        await faults.EnterAsync($"Deliver {input.Step}");
        return cluster.Change($"deliver {input.Step}", () =>
        {
            cluster.Kept.TryAdd(input.Step, cluster.Sinks["ops"]);
            cluster.Sinks["ops"] = new(cluster.Ca.Trusted, input.Kind == KubeconfigKind.Admin ? cluster.Ca.Primary : cluster.Sinks["ops"].AdminIssuer);
            return Delivered();
        });
    }

    [Activity]
    public async Task<DeliveryResult> RestoreKubeconfigAsync(RestoreKubeconfigInput input)
    {
        await faults.EnterAsync(nameof(RestoreKubeconfigAsync));
        return cluster.Change($"restore {input.Step}", () =>
        {
            if (cluster.Kept.TryGetValue(input.Step, out FakeKubeconfig? kept))
                cluster.Sinks["ops"] = kept;
            return Delivered();
        });
    }

    [Activity]
    public async Task<ForgetResult> ForgetKeptAsync(ClusterRef forgotten)
    {
        await faults.EnterAsync(nameof(ForgetKeptAsync));
        return cluster.Change("forget what was kept", () =>
        {
            int copies = cluster.Kept.Count;
            cluster.Kept.Clear();
            return new ForgetResult(copies);
        });
    }

    [Activity]
    public async Task<TrustMatrix> ReadTrustAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(ReadTrustAsync));
        return cluster.Locked(() => new TrustMatrix([.. cluster.Nodes.Select(n => new ServerTrust { Node = $"node-{n.Id}", Component = "kubelet", ServedBy = n.Boot.Issuer, Accepts = n.Boot.Trusted })]));
    }

    [Activity]
    public async Task<RefusalProof> ProveRefusedAsync(ProveRefusedInput input)
    {
        await faults.EnterAsync(nameof(ProveRefusedAsync));
        return cluster.Locked(() => new RefusalProof([.. cluster.Nodes.Where(n => n.Role == InstanceGroupRole.ControlPlane).Select(n => new RefusalAttempt("ops", n.Id, !n.Boot.Trusted.Contains(cluster.Kept[input.Step].AdminIssuer), "tls") { IssuedBy = cluster.Kept[input.Step].AdminIssuer })]));
    }

    [Activity]
    public async Task<KopsRollResult> RollWithKopsAsync(KopsRollInput input)
    {
        await faults.EnterAsync(nameof(RollWithKopsAsync));
        return cluster.Change("kops roll", () =>
        {
            FakeNode[] old = [.. cluster.Nodes.Where(n => input.Force || n.NeedsUpdate(cluster.Published)).OrderBy(n => n.Role)];
            foreach (FakeNode node in old)
                cluster.Terminate(node.Id);
            return new KopsRollResult(old.Length, "done");
        });
    }

    [Activity]
    public async Task<ValidationResult> ValidateWithKopsAsync(ClusterRef reference)
    {
        await faults.EnterAsync(nameof(ValidateWithKopsAsync));
        return new([]);
    }

    private DeliveryResult Delivered() => new([new() { Sink = "ops", Sha256 = cluster.Sinks["ops"].ToString(), CaFingerprints = [.. cluster.Sinks["ops"].Cas.Select(FakeKeyset.Fingerprint)] }]);

    private async Task ActAsync(string activity, Action act)
    {
        await faults.EnterAsync(activity);
        cluster.Change(activity, () =>
        {
            act();
            return true;
        });
    }

    private void Mark(string id, bool cordoned)
    {
        if (cluster.Find(id) is { } node)
            node.Cordoned = cordoned;
    }
}
