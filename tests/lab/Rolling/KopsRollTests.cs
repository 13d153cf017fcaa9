using Rotation.Lab;
using Rotation.Lab.Invariants;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Rolling;

/// <summary>The emulator's <c>kops rolling-update cluster</c> on a running lab: kOps' order, its limits, its words, its failures.</summary>
public sealed class KopsRollTests
{
    [Fact]
    public async Task Without_yes_it_prints_what_needs_the_update_and_touches_nothing()
    {
        await using var run = await EmulatedLab.StartAsync(controlPlane: 3);
        var before = await run.RunAsync("rolling-update cluster");
        await run.StageAsync();
        long began = run.Lab.Events.Count;

        var (code, output, _) = await run.RunAsync("rolling-update cluster");
        var unknown = await run.RunAsync("rolling-update cluster --instance-group nodes-1,nope");
        var filtered = await run.RunAsync("rolling-update cluster --cloudonly --instance-group-roles node");

        before.Out.ShouldEndWith("\nNo rolling-update required.\n");
        code.ShouldBe(0);
        string[][] rows = [.. output.Split('\n').Select(l => l.Split('\t', StringSplitOptions.RemoveEmptyEntries))];
        rows[0].ShouldBe(["NAME", "STATUS", "NEEDUPDATE", "READY", "MIN", "TARGET", "MAX", "NODES"]);
        rows.ShouldContain(r => r.SequenceEqual(new[] { "nodes-1", "NeedsUpdate", "2", "0", "2", "2", "2", "2" }));
        output.ShouldEndWith("\nMust specify --yes to rolling-update.\n");
        unknown.ShouldBe((1, "", "Error: InstanceGroup \"nope\" not found\n"));
        filtered.Out.Split('\n')[0].ShouldEndWith("\tMAX");
        filtered.Out.ShouldNotContain("control-plane");
        run.Lab.Events.Skip((int)began).ShouldNotContain(e => e.Kind == LabEvents.InstanceTerminating);
    }

    [Fact]
    public async Task With_yes_it_rolls_the_control_plane_one_by_one_then_worker_groups_by_name_with_one_node_ahead()
    {
        await using var run = await EmulatedLab.StartAsync(controlPlane: 3, workers: 4, groups: 2);
        await run.StageAsync();
        long began = run.Lab.Events.Count;

        var (code, output, errors) = await run.RunAsync("rolling-update cluster --yes");
        var again = await run.RunAsync("rolling-update cluster --yes");

        code.ShouldBe(0, errors);
        again.Out.ShouldEndWith("\nNo rolling-update required.\n");
        var events = run.Lab.Events.Skip((int)began).ToList();
        events.Where(e => e.Kind == LabEvents.InstanceTerminating).Select(e => e.Group!.Split("-us")[0])
            .ShouldBe(["control-plane", "control-plane", "control-plane", "nodes-1", "nodes-1", "nodes-2", "nodes-2"]);
        events.Count(e => e.Kind == LabEvents.InstanceDetached).ShouldBe(2);
        RollChecker.Check(run.Lab.Events, began, new RollLimits { ControlPlaneGroups = run.ControlPlane, Budget = 1, OtherGroups = 1 }).ShouldBeEmpty();
        output.ShouldContain("evicting pod default/");
        foreach (string said in (string[])["] Tainting 2 nodes in \"nodes-1\" instancegroup.", "] Draining the node: \"i-", "in group \"nodes-2.lab.example.com\" (this may take a while).", "] waiting for 15s after terminating instance", "] Successfully drained instance from targetGroup: arn:", "] Rolling update completed for cluster \"lab.example.com\"!"])
            errors.ShouldContain(said);
        run.Lab.GetStatus().Nodes.ShouldAllBe(n => n.Ready && !n.NeedsUpdate);
    }

    [Fact]
    public async Task Behind_a_classic_load_balancer_an_instance_leaves_it_before_it_is_drained()
    {
        await using var run = await EmulatedLab.StartAsync(controlPlane: 3, workers: 1, classic: true);
        await run.StageAsync();

        var (code, _, errors) = await run.RunAsync("rolling-update cluster --yes --instance-group-roles control-plane");

        code.ShouldBe(0, errors);
        errors.ShouldContain("] Deregistering instance from classic loadBalancers: [api-lab-example-com]");
        errors.ShouldNotContain("targetGroup");
        run.Lab.Events.Count(e => e.Kind == LabEvents.TargetDeregistered).ShouldBe(3);
    }

    [Fact]
    public async Task Cloudonly_neither_asks_nor_drains_and_force_rolls_what_is_up_to_date()
    {
        await using var run = await EmulatedLab.StartAsync();
        long began = run.Lab.Events.Count;

        var (code, _, errors) = await run.RunAsync("rolling-update cluster --yes --cloudonly --force --node-interval=4m --control-plane-interval=4m");
        await run.Lab.WaitReadyAsync(TestContext.Current.CancellationToken);

        code.ShouldBe(0, errors);
        errors.ShouldContain("Not draining cluster nodes as 'cloudonly' flag is set.");
        var events = run.Lab.Events.Skip((int)began).ToList();
        events.Count(e => e.Kind == LabEvents.InstanceTerminating).ShouldBe(3);
        events.ShouldNotContain(e => e.Kind == LabEvents.NodeCordoned || e.Kind == LabEvents.PodEvicted || e.Kind == LabEvents.InstanceDetached);
    }

    [Fact]
    public async Task A_replacement_that_never_joins_ends_the_whole_roll_after_the_validation_timeout()
    {
        await using var run = await EmulatedLab.StartAsync(workers: 4, groups: 2);
        await run.StageAsync();
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.NeverJoins, Target = "nodes-1" });
        long began = run.Lab.Events.Count;

        var (code, _, errors) = await run.RunAsync("rolling-update cluster --yes --instance-group-roles node --validation-timeout=10m");

        code.ShouldBe(1);
        errors.ShouldContain("has not yet joined cluster");
        errors.ShouldEndWith("Error: error validating cluster after detaching instance: cluster did not validate within a duration of \"10m0s\"\n");
        run.Lab.Events.Skip((int)began).ShouldNotContain(e => e.Kind == LabEvents.InstanceTerminating);
    }

    [Fact]
    public async Task A_pod_that_cannot_be_evicted_fails_its_group_and_the_next_one_is_rolled()
    {
        await using var run = await EmulatedLab.StartAsync(workers: 4, groups: 2);
        await run.StageAsync();
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.UndrainablePod, Target = "default/database-0" });
        string stuck = run.Lab.Events.Last(e => e is { Kind: LabEvents.PodReady, Pod: "default/database-0" }).Group!;

        var (code, _, errors) = await run.RunAsync("rolling-update cluster --yes --instance-group nodes-1 --instance-group nodes-2 --drain-timeout=3m");

        code.ShouldBe(1);
        errors.ShouldContain("global timeout reached: 3m0s");
        errors.ShouldContain($"failed to roll InstanceGroup \"{stuck}\"");
        run.Lab.GetStatus().Nodes.Where(n => n.Role == "node" && n.Group != stuck).ShouldAllBe(n => !n.NeedsUpdate);
    }
}
