using Rotation.Lab;
using Rotation.Tests.Lab.Activities;
using Rotation.Tests.Lab.Cluster;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Faults;

/// <summary>Faults of machines: each does what it says to the lab, nothing else, and ends when it is cleared.</summary>
public sealed class FaultTests
{
    [Fact]
    public async Task A_node_that_never_joins_runs_but_is_missing_until_the_fault_is_cleared()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        var fault = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.NeverJoins, Target = "nodes-0" });

        await run.TerminateAsync(Worker(run));
        await run.UntilAsync(s => s.Nodes.Any(n => n is { Role: "node", State: "running", Ready: false, Primary: null }), "the replacement does not run");
        var seen = run.Lab.GetStatus();
        run.Lab.ClearFault(fault.Id).ShouldBeTrue();
        await run.Lab.WaitReadyAsync(TestContext.Current.CancellationToken);

        seen.Ready.ShouldBeFalse();
        seen.Faults.ShouldHaveSingleItem().ShouldBe(fault);
        run.Lab.GetStatus().Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_slow_boot_takes_as_many_times_as_long_as_was_said()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        var usual = await BootAsync(run);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.SlowBoot, Target = "nodes-0", Value = 10 });

        var slow = await BootAsync(run);

        // 90 seconds of lab time at speed 400, within a fifth, and ten times that.
        slow.ShouldBeGreaterThan(TimeSpan.FromSeconds(0.8 * 90 / 400 * 10));
        slow.ShouldBeGreaterThan(usual);
    }

    [Fact]
    public async Task A_full_disk_keeps_pods_from_starting_and_makes_the_node_say_so()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var activities = new HandActivities(run);
        var node = Worker(run);
        var fault = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.FullDisk, Target = node });

        await run.SeesAsync(e => e.Kind == LabEvents.NodeNotReady && e.Instance == node, "the node stayed ready");
        var found = await HandActivities.RunAsync(() => activities.Nodes.ValidateClusterAsync(HandActivities.Ref));
        run.Lab.ClearFault(fault.Id);
        await run.UntilAsync(s => s.Nodes.Single(n => n.Id == node).Ready, "the node did not come back");

        found.Findings.ShouldContain($"node \"{node}\" is not ready");
    }

    [Fact]
    public async Task An_instance_that_vanishes_takes_its_pods_along_and_the_log_says_which_budgets_broke()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        var node = (await run.SeesAsync(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }, "database-0 did not start")).Instance!;

        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.InstanceVanishes, Target = node });
        await run.UntilAsync(s => s.Ready && s.Nodes.All(n => n.Id != node), "the group did not replace it");

        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.InstanceTerminating && e.Instance == node && e.Detail == "vanished");
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.PodGone && e.Pod == "default/database-0");
        run.Lab.Events.ShouldContain(e => e.Kind == LabEvents.BudgetBroken && e.Detail == "default/web");
    }

    [Fact]
    public async Task A_spot_interruption_ends_its_instance_after_two_minutes()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        var node = Worker(run);

        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.SpotInterruption, Target = node });
        var set = run.Lab.Events.Last(e => e.Kind == LabEvents.FaultSet).At;
        var ended = await run.SeesAsync(e => e.Kind == LabEvents.InstanceTerminating && e.Instance == node, "it runs on");

        (ended.At - set).ShouldBeGreaterThan(TimeSpan.FromMinutes(2) / 400 * 0.9);
        ended.Detail.ShouldBe("spot interruption");
    }

    [Fact]
    public async Task A_kubelet_that_flaps_is_ready_and_not_ready_in_turn()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        var node = Worker(run);

        var fault = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.NotReadyFlap, Target = node, Value = 60 });
        await run.UntilAsync(_ => run.Lab.Events.Count(e => e.Kind == LabEvents.NodeNotReady && e.Instance == node) >= 2, "the node does not flap");
        run.Lab.ClearFault(fault.Id);
        await run.UntilAsync(s => s.Nodes.Single(n => n.Id == node).Ready, "the node did not come to rest");

        var states = run.Lab.Events.Where(e => e.Instance == node && e.Kind is LabEvents.NodeReady or LabEvents.NodeNotReady && e.Instance == node).Select(e => e.Kind).ToList();
        states.Zip(states.Skip(1)).ShouldAllBe(p => p.First != p.Second);
    }

    [Fact]
    public async Task An_unhealthy_etcd_member_costs_its_server_and_two_of_three_cost_the_api()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 3, workers: 1);
        using var activities = new HandActivities(run);

        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.EtcdMemberUnhealthy, Target = "control-plane-us-east-1a" });
        // The fault is seen at the lab's next look at its members, and only then by server and balancer.
        using var http = new HttpClient();
        await Eventually.GetAsync(() => TargetHealthAsync(http, run.Lab.AwsEndpoint), h => h.Contains("unhealthy", StringComparison.Ordinal));
        var seen = await run.ProbeFromNowAsync();
        seen.Failed.ShouldBe(0, string.Join('\n', seen.Failures));
        var second = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.EtcdMemberUnhealthy, Target = "control-plane-us-east-1b" });
        await run.SeesAsync(e => e.Kind == LabEvents.EtcdQuorumLost, "etcd still has a majority");
        var found = await HandActivities.RunAsync(() => activities.Nodes.ValidateClusterAsync(HandActivities.Ref));
        run.Lab.ClearFault(second.Id);
        await run.UntilAsync(_ => run.Lab.Events.Last(e => e.Kind.StartsWith("etcd-", StringComparison.Ordinal)).Kind == LabEvents.EtcdQuorumBack, "etcd did not come back");

        found.Findings.ShouldHaveSingleItem().ShouldBe("The API server answered 500");
    }

    private static async Task<string> TargetHealthAsync(HttpClient http, Uri aws)
    {
        using var body = new FormUrlEncodedContent(new Dictionary<string, string> { ["Action"] = "DescribeTargetHealth", ["Version"] = "2015-12-01" });
        using var answer = await http.PostAsync(aws, body);
        return await answer.Content.ReadAsStringAsync();
    }

    private static string Worker(LabRun run) => run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id;

    private static async Task<TimeSpan> BootAsync(LabRun run)
    {
        var seen = run.Lab.Events.Count;
        await run.ReplaceAsync(Worker(run));
        var events = run.Lab.Events.Skip(seen).ToList();
        return events.Last(e => e.Kind == LabEvents.NodeReady).At - events.Last(e => e.Kind == LabEvents.InstanceLaunched).At;
    }
}
