using Rotation.Lab;
using Rotation.Lab.Probes;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Cluster;

/// <summary>Each wrong procedure makes the probe fail that it would hurt, for the reason it would have. The lab has one control-plane node and one worker where that is enough.</summary>
public sealed class WrongProcedureTests
{
    private const string Refused = "client-refused-server";
    private const string Unauthorized = "http-401";

    [Fact]
    public async Task Promote_without_staging_first_cuts_off_the_workers()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);

        run.Kops.Stage("kubernetes-ca");
        run.Kops.Promote("kubernetes-ca");
        run.Kops.Update();
        await TurnOverAsync(run, "control-plane");

        await SeesAsync(run, ProbeClasses.Kubelet, Refused, "does not trust");
    }

    [Fact]
    public async Task Promote_before_clients_have_the_new_ca_cuts_off_the_admin()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);

        run.Kops.Stage("kubernetes-ca");
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Promote("kubernetes-ca");
        run.Kops.Update();
        await run.RollAsync("control-plane");

        await SeesAsync(run, ProbeClasses.Admin, Refused, "does not trust");
    }

    [Fact]
    public async Task Promote_with_the_workers_not_rolled_cuts_them_off()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);

        run.Kops.Stage("kubernetes-ca");
        run.Kops.Update();
        await run.RollAsync("control-plane");
        run.Kops.Promote("kubernetes-ca");
        run.Kops.Update();
        await TurnOverAsync(run, "control-plane");

        await SeesAsync(run, ProbeClasses.Kubelet, Refused, "does not trust");
        await SeesAsync(run, ProbeClasses.ServiceAccount, Refused, "does not trust");
    }

    [Fact]
    public async Task Distrust_before_the_admin_has_a_new_credential_cuts_off_the_admin()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);

        await StageAndPromoteAsync(run, "kubernetes-ca");
        run.Kops.Distrust("kubernetes-ca");
        run.Kops.Update();
        await run.RollAsync("control-plane");

        await SeesAsync(run, ProbeClasses.Admin, Unauthorized, "x509");
    }

    [Fact]
    public async Task Distrust_with_the_workers_not_rolled_since_promoting_cuts_off_the_kubelets()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);

        run.Kops.Stage("kubernetes-ca");
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Promote("kubernetes-ca");
        run.Kops.Update();
        await run.RollAsync("control-plane");
        run.Kops.Export(run.Kops.Kubeconfig, admin: true);
        run.Kops.Distrust("kubernetes-ca");
        run.Kops.Update();
        await TurnOverAsync(run, "control-plane");

        await SeesAsync(run, ProbeClasses.Kubelet, Unauthorized, "x509");
        Failures(run, ProbeClasses.Admin).ShouldNotContain(f => f.Kind == Unauthorized);
    }

    [Fact]
    public async Task Promoting_service_account_before_every_api_server_trusts_it_refuses_new_tokens()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 3, workers: 2);

        run.Kops.Stage("service-account");
        run.Kops.Promote("service-account");
        run.Kops.Update();
        // Two servers sign with the new key; the third has never heard of it.
        foreach (var server in run.Lab.GetStatus().Nodes.Where(n => n.Role == "control-plane").Take(2))
            await run.ReplaceAsync(server.Id);
        // Which server signs a pod's token is chance: new pods until one of the two did.
        for (var round = 0; round < 10; round++)
        {
            foreach (var node in run.Lab.GetStatus().Nodes.Where(n => n.Role == "node"))
                await run.ReplaceAsync(node.Id);
            if (Failures(run, ProbeClasses.ServiceAccount).Any())
                break;
        }

        await SeesAsync(run, ProbeClasses.ServiceAccount, Unauthorized, "unknown key");
    }

    [Fact]
    public async Task Distrusting_service_account_before_pods_have_new_tokens_refuses_them()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);

        run.Kops.Stage("service-account");
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Promote("service-account");
        run.Kops.Distrust("service-account");
        run.Kops.Update();
        await run.RollAsync("control-plane");

        await SeesAsync(run, ProbeClasses.ServiceAccount, Unauthorized, "unknown key");
    }

    [Theory]
    [InlineData("etcd-peers-ca-main")]
    [InlineData("etcd-manager-ca-main")]
    [InlineData("etcd-peers-ca-events")]
    public async Task Promoting_an_etcd_ca_without_trust_on_every_member_keeps_the_member_out(string keyset)
    {
        await using var run = await LabRun.StartAsync(controlPlane: 3, workers: 1);

        run.Kops.Stage(keyset);
        run.Kops.Promote(keyset);
        run.Kops.Update();
        var first = run.Lab.GetStatus().Nodes.First(n => n.Role == "control-plane");
        await run.TerminateAsync(first.Id);
        await BackAsync(run, first.Group);
        run.Lab.GetStatus().Nodes.Single(n => n.Group == first.Group && n.State == "running").Ready.ShouldBeFalse();
        var second = run.Lab.GetStatus().Nodes.First(n => n.Role == "control-plane" && n.Group != first.Group);
        await run.TerminateAsync(second.Id);

        await SeesAsync(run, ProbeClasses.Admin, "http-500", "");
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.EtcdQuorumLost);
    }

    [Fact]
    public async Task Scaling_up_between_promoting_and_the_roll_of_the_control_plane_never_joins_until_it_is_rolled()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);

        run.Kops.Stage("kubernetes-ca");
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Export(run.Kops.Kubeconfig, admin: false);
        run.Kops.Promote("kubernetes-ca");
        run.Kops.Update();
        await run.TerminateAsync(run.Lab.GetStatus().Nodes.Single(n => n.Role == "node").Id);
        var refused = await run.SeesAsync(e => e.Kind == LabEvents.BootstrapRefused && e.Detail.Contains("was configured for", StringComparison.Ordinal), "no worker was refused");
        run.Lab.GetStatus().Nodes.Single(n => n.Id == refused.Instance).Ready.ShouldBeFalse();

        await run.ReplaceAsync(run.Lab.GetStatus().Nodes.Single(n => n.Role == "control-plane").Id);

        refused.Detail.ShouldContain(run.Kops.Primary("kubernetes-ca"));
        run.Lab.GetStatus().Nodes.Single(n => n.Id == refused.Instance).Ready.ShouldBeTrue();
    }

    private static async Task StageAndPromoteAsync(LabRun run, string keyset)
    {
        run.Kops.Stage(keyset);
        run.Kops.Update();
        await run.RollAsync();
        run.Kops.Export(run.Kops.Kubeconfig, admin: false);
        run.Kops.Promote(keyset);
        run.Kops.Update();
        await run.RollAsync();
    }

    /// <summary>Ends each node of a role and waits for its successor to run, though it or others may never be ready again.</summary>
    private static async Task TurnOverAsync(LabRun run, string role)
    {
        foreach (var node in run.Lab.GetStatus().Nodes.Where(n => n.Role == role))
        {
            await run.TerminateAsync(node.Id);
            await run.SeesAsync(e => e.Kind == LabEvents.InstanceTerminated && e.Instance == node.Id, $"{node.Id} did not end");
            await BackAsync(run, node.Group);
        }
    }

    private static Task BackAsync(LabRun run, string group) =>
        run.UntilAsync(s => s.Nodes.Any(n => n.Group == group && n is { State: "running", ApiPort: not null }), $"{group} did not come back");

    private static IEnumerable<ProbeFailure> Failures(LabRun run, string @class) => run.Probes.Snapshot().Failures.Where(f => f.Class == @class);

    private static Task SeesAsync(LabRun run, string @class, string kind, string reason) => run.UntilAsync(
        _ => Failures(run, @class).Any(f => f.Kind == kind && f.Reason.Contains(reason, StringComparison.Ordinal)), $"no {@class} probe saw {kind} '{reason}'");
}
