using Rotation.Lab;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Rolls;

/// <summary>What a whole rolling update does about each of the lab's faults: the real workflows and activities, on a lab that has the fault.</summary>
public sealed class RollFaultTests(RollServer server) : IClassFixture<RollServer>
{
    private static readonly RollOptions Usual = new() { OnFailure = RollReaction.Fail, ClusterBudget = "2" };

    // Long enough for a boot and the drain of a node on a slow machine, and short enough to be waited for.
    private static readonly KopsDuration Short = new(TimeSpan.FromSeconds(1.5));

    [Fact]
    public async Task NeverJoins_stops_the_roll_at_its_first_node_and_names_what_is_missing_and_the_next_roll_goes_on_from_there()
    {
        await using RollRun run = await RollRun.StartAsync(server);
        LabFault fault = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.NeverJoins, Target = "nodes-0" });

        var (failure, done) = await run.FailAsync(await run.BeginAsync(Usual with { ValidationTimeout = Short }, "node"));
        failure.ErrorType.ShouldBe(RotationErrors.ReplacementMissing);
        failure.Message.ShouldContain(run.Since(LabEvents.InstanceLaunched).ShouldHaveSingleItem().Instance!);
        done.Failed.ShouldBe([run.Since(LabEvents.InstanceDetached).ShouldHaveSingleItem().Instance!]);
        run.Ended.ShouldBeEmpty();
        run.Since(LabEvents.NodeCordoned).ShouldBeEmpty();
        await run.IsGivenBackAsync();

        run.Lab.ClearFault(fault.Id);
        (await run.RollAsync(Usual, "node")).NodesRolled.ShouldBe(3);
        await run.IsWholeAsync(run.OldWorkers);
    }

    [Fact]
    public async Task FullDisk_on_a_replacement_stops_the_roll()
    {
        await using RollRun run = await RollRun.StartAsync(server);
        // It boots as slowly as it takes to fill its disk before it is proven.
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.SlowBoot, Target = "nodes-0", Value = 4 });

        var roll = await run.BeginAsync(Usual with { ValidationTimeout = Short }, "node");
        string fresh = (await run.SeesAsync(LabEvents.InstanceLaunched, "nothing was launched")).Instance!;
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.FullDisk, Target = fresh });

        var (failure, done) = await run.FailAsync(roll);
        failure.ErrorType.ShouldBe(RotationErrors.ReplacementMissing);
        failure.Message.ShouldContain(fresh);
        done.NodesRolled.ShouldBe(0);
        run.Since(LabEvents.InstanceDetached).ShouldHaveSingleItem();
        run.Ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task NotReadyFlap_is_never_valid_often_enough_in_a_row_so_that_no_other_node_is_begun()
    {
        await using RollRun run = await RollRun.StartAsync(server);
        var roll = await run.BeginAsync(Usual with { ClusterBudget = "1", ValidationTimeout = Short, ValidateCount = 10 }, "node");
        string first = (await run.SeesAsync(LabEvents.InstanceDetached, "nothing was begun")).Instance!;
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.NotReadyFlap, Target = run.OldWorkers.First(w => w != first), Value = 60 });

        var (failure, _) = await run.FailAsync(roll);
        failure.ErrorType.ShouldBe(RotationErrors.ValidationFailed);
        run.Since(LabEvents.InstanceDetached).ShouldHaveSingleItem();
        run.Ended.ShouldBeEmpty();
    }

    [Fact]
    public async Task UndrainablePod_and_BudgetOfZero_park_their_nodes_which_serve_on_and_all_others_are_rolled()
    {
        await using RollRun run = await RollRun.StartAsync(server, workers: 4);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.UndrainablePod, Target = "default/database-1" });
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.BudgetOfZero, Target = "kube-system/coredns" });
        string[] stay = [.. run.Lab.Events.Where(e => e.Kind == LabEvents.PodReady && (e.Pod == "default/database-1" || e.Owner == "Deployment/kube-system/coredns")).Select(e => e.Instance!).Distinct()];

        var (failure, done) = await run.FailAsync(await run.BeginAsync(Usual with { MaxSurge = "0", MaxUnavailable = "2", DrainTimeout = Short }, "node"));
        failure.ErrorType.ShouldBe(RotationErrors.DrainTimedOut);
        done.Parked.ShouldBe(stay, ignoreOrder: true, run.Run.Describe());
        done.NodesRolled.ShouldBe(4 - stay.Length);
        run.Ended.ShouldBe(run.OldWorkers.Except(stay), ignoreOrder: true);
        run.Lab.GetStatus().Nodes.Where(n => stay.Contains(n.Id)).ShouldAllBe(n => n.Ready);
        await run.IsGivenBackAsync();
        run.KeptItsLimits(2);
    }

    [Fact]
    public async Task SlowBoot_ApiErrorRate_AwsThrottling_AwsErrorRate_and_AwsEventualConsistency_only_slow_it_down()
    {
        await using RollRun run = await RollRun.StartAsync(server);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.SlowBoot, Target = "nodes-0", Value = 3 });
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.ApiErrorRate, Value = 0.05 });
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.AwsThrottling, Value = 0.1 });
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.AwsErrorRate, Value = 0.05 });
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.AwsEventualConsistency, Value = 120 });

        RollResult result = await run.RollAsync(Usual, "node");
        (result.NodesRolled, result.Parked.Count, result.Failed.Count).ShouldBe((3, 0, 0));
        foreach (LabFault fault in run.Lab.GetStatus().Faults)
            run.Lab.ClearFault(fault.Id);
        await run.IsWholeAsync(run.OldWorkers);
        run.KeptItsLimits(2);
        run.Run.Probes.Snapshot().Failures.ShouldContain(f => f.Kind == "http-500");
    }

    [Fact]
    public async Task InstanceVanishes_SpotInterruption_and_SecondOperator_take_what_the_roll_finds_done()
    {
        await using RollRun run = await RollRun.StartAsync(server, workers: 5);
        var roll = await run.BeginAsync(Usual with { MaxUnavailable = "0" }, "node");
        string first = (await run.SeesAsync(LabEvents.InstanceDetached, "nothing was begun")).Instance!;
        string[] others = [.. run.OldWorkers.Where(w => w != first)];
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.InstanceVanishes, Target = others[^1] });
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.SpotInterruption, Target = others[^2] });
        LabFault second = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.SecondOperator, Target = "nodes-0", Value = 3600 });

        RollResult result = await roll.GetResultAsync();
        (result.NodesRolled, result.Parked.Count, result.Failed.Count).ShouldBe((5, 0, 0));
        run.Lab.ClearFault(second.Id);
        await run.IsWholeAsync(run.OldWorkers);
        run.Since(LabEvents.InstanceTerminating).Select(e => e.Detail).ShouldBeSubsetOf(["TerminateInstances", "vanished", "spot interruption", "second operator"]);
    }

    [Fact]
    public async Task EtcdMemberUnhealthy_keeps_the_roll_of_the_control_plane_from_touching_another_member()
    {
        await using RollRun run = await RollRun.StartAsync(server, controlPlane: 3, workers: 1);
        string groupOfFirst = run.Run.Kops.Groups[0].Name;
        var roll = await run.BeginAsync(Usual with { ValidationTimeout = Short, ValidateCount = 10 }, "control-plane");
        await run.SeesAsync(LabEvents.ApiServing, "the first member did not come back", e => e.Group == groupOfFirst);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.EtcdMemberUnhealthy, Target = run.Run.Kops.Groups[2].Name });

        var (failure, _) = await run.FailAsync(roll);
        // A connection that it has to the server without etcd shows it first; new ones are balanced to the others, where the pods tell.
        failure.ErrorType.ShouldBeOneOf(RotationErrors.ValidationFailed, RotationErrors.ReplacementMissing);
        failure.Message.ShouldMatch("kube-apiserver|API server|Kubernetes API answered");
        run.Ended.ShouldHaveSingleItem().ShouldBe(run.Old.Single(o => run.Lab.Events.Any(e => e.Instance == o && e.Group == groupOfFirst)));
        run.Since(LabEvents.EtcdQuorumLost).ShouldBeEmpty();
    }
}
