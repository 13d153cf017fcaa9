using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Workflow.Rolls;

public sealed class RollFailureTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static readonly RollOptions Failing = new() { OnFailure = RollReaction.Fail, ClusterBudget = "50%" };

    [Fact]
    public async Task A_node_that_never_joins_stops_the_roll_at_the_canary()
    {
        await using RotationHarness harness = Outdated(workers: 6);
        harness.Faults.Break("Await nodes", RotationErrors.ReplacementMissing);
        var failure = await RotationHarness.FailureOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Failing }));

        failure.ErrorType.ShouldBe(RotationErrors.ReplacementMissing);
        harness.Faults.CallsOf("DetachInstanceAsync").ShouldBe(1);
        harness.Cluster.Terminated.ShouldBe(["i-001"]);
        failure.Details.ElementAt<RollResult>(0)!.Failed.Count.ShouldBe(1);
        harness.Cluster.Nodes.ShouldAllBe(n => !n.IsHeld && !n.Tainted);
    }

    [Fact]
    public async Task An_undrainable_pod_parks_only_its_node_which_serves_on_and_a_person_is_asked()
    {
        await using RotationHarness harness = Outdated(workers: 5);
        harness.Faults.Break("Drain i-003", RotationErrors.DrainTimedOut);
        WorkflowHandle<RollCluster, RollResult> roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = new() { MaxSurge = "0" } });

        RollStatus held = await RotationHarness.RollWhenAsync(roll, s => s.Held is not null);
        held.Held!.ShouldContain("i-003");
        held.SendNext.ShouldNotBeNull();
        harness.Cluster.Terminated.Count.ShouldBe(5);
        harness.Cluster.Find("i-003").ShouldNotBeNull().Cordoned.ShouldBeFalse();
        harness.Faults.CallsOf("Drain i-003").ShouldBe(2);
        RollStatus group = await RotationHarness.RollWhenAsync(harness.Handle($"{roll.Id}-nodes"), s => s.Held is not null);
        group.Nodes.ShouldHaveSingleItem().ShouldSatisfyAllConditions(n => n.Stage.ShouldBe("parked"), n => n.Reason!.ShouldContain("DrainTimedOut"), n => n.Attempt.ShouldBe(2));

        harness.Faults.Repair("Drain i-003");
        var retry = new RollCall { Operator = "ann@example.com" };
        await roll.SignalAsync(w => w.RetryAsync(retry));
        RollResult result = await RotationHarness.EndOfAsync(roll);
        result.NodesRolled.ShouldBe(6);
        result.Parked.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_a_person_skips_stays_as_it_is_and_is_in_the_result()
    {
        await using RotationHarness harness = Outdated(workers: 3);
        harness.Faults.Break("Drain i-002", RotationErrors.DrainTimedOut);
        WorkflowHandle<RollCluster, RollResult> roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name });
        await RotationHarness.RollWhenAsync(roll, s => s.Held is not null);
        var skip = new RollCall { Operator = "ann@example.com", Instances = ["i-002"] };
        await roll.SignalAsync(w => w.SkipAsync(skip));
        RollResult result = await RotationHarness.EndOfAsync(roll);
        result.Skipped.ShouldBe(["i-002"]);
        harness.Cluster.Find("i-002").ShouldNotBeNull().Tainted.ShouldBeFalse();
    }

    [Fact]
    public async Task Force_needs_two_people_and_is_in_the_result()
    {
        await using RotationHarness harness = Outdated(workers: 3);
        harness.Faults.Break("Drain i-002", RotationErrors.DrainTimedOut);
        WorkflowHandle<RollCluster, RollResult> roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name });
        WorkflowHandle group = harness.Handle($"{roll.Id}-nodes");
        await RotationHarness.RollWhenAsync(roll, s => s.Held is not null);

        await RefusedAsync(group, new() { Operator = "ann@example.com" }, "instances: is required");
        await RefusedAsync(group, new() { Instances = ["i-002"] }, "operator: is required");
        await RefusedAsync(group, new() { Operator = "ann@example.com", Instances = ["i-003"] }, "'i-003' is neither parked nor failed");
        await RefusedAsync(group, new() { Operator = "ann@example.com", Instances = ["i-002"], Token = "bad" }, "token");
        foreach (string one in new[] { "ann@example.com", "Ann@Example.com" })
            (await ForceAsync(group, new() { Operator = one, Instances = ["i-002"] })).Held.ShouldNotBeNull();
        harness.Cluster.Find("i-002").ShouldNotBeNull();
        await ForceAsync(group, new() { Operator = "bob@example.com", Instances = ["i-002"] });

        RollResult result = await RotationHarness.EndOfAsync(roll);
        result.Forced.ShouldBe(["i-002"]);
        result.NodesRolled.ShouldBe(4);
    }

    [Fact]
    public async Task The_breaker_begins_no_further_node_when_more_than_the_allowed_part_of_new_nodes_is_no_good()
    {
        await using RotationHarness harness = Outdated(workers: 12);
        harness.Faults.Fail("Await nodes", n => n >= 4 ? RotationErrors.ValidationFailed : null);
        var failure = await RotationHarness.FailureOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Failing with { MaxSurge = "0", MaxUnavailable = "2" } }));
        failure.ErrorType.ShouldBe(RotationErrors.ValidationFailed);
        // The control plane, three good ones, and those that were begun with the bad one.
        harness.Cluster.Terminated.Count.ShouldBeInRange(5, 6);
    }

    [Fact]
    public async Task With_a_wider_breaker_one_bad_replacement_is_tried_again_at_the_end()
    {
        await using RotationHarness harness = Outdated(workers: 6);
        harness.Faults.Fail("Await nodes", n => n == 3 ? RotationErrors.ReplacementMissing : null);
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Failing with { MaxFailures = "2", MaxSurge = "2" } }));
        result.NodesRolled.ShouldBe(7);
        harness.Cluster.Terminated.Distinct().Count().ShouldBe(7);
    }

    [Fact]
    public async Task A_control_plane_node_that_cannot_be_drained_stops_everything()
    {
        await using RotationHarness harness = Outdated(workers: 2);
        harness.Faults.Break("Drain i-001", RotationErrors.DrainTimedOut);
        var failure = await RotationHarness.FailureOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Failing }));
        failure.ErrorType.ShouldBe(RotationErrors.DrainTimedOut);
        harness.Cluster.Terminated.ShouldBeEmpty();
        harness.Cluster.Find("i-001")!.Cordoned.ShouldBeFalse();
    }

    [Fact]
    public async Task A_cancelled_roll_finishes_the_nodes_it_began_and_gives_scale_down_back()
    {
        await using RotationHarness harness = Outdated(workers: 6);
        WorkflowHandle<RollCluster, RollResult> roll;
        using (harness.Faults.Block("Drain i-003"))
        {
            roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name });
            await harness.Faults.ReachedAsync("Drain i-003");
            await roll.CancelAsync();
        }

        RollResult result = await RotationHarness.EndOfAsync(roll);
        result.Stopped.ShouldBeTrue();
        result.NodesRolled.ShouldBe(2);
        harness.Cluster.Nodes.ShouldAllBe(n => !n.IsHeld && !n.Tainted && !n.Cordoned && !n.Detached);
    }

    [Fact]
    public async Task Giving_scale_down_back_is_tried_until_it_is_done()
    {
        await using RotationHarness harness = Outdated(workers: 1);
        harness.Faults.Disturb("ReleaseScaleDownAsync", RotationErrors.ApiUnavailable, n => n < 4);
        await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name }));
        harness.Cluster.Nodes.ShouldAllBe(n => !n.IsHeld);
    }

    [Fact]
    public async Task Scale_down_that_the_API_refuses_to_give_back_is_in_the_result()
    {
        await using RotationHarness harness = Outdated(workers: 1);
        harness.Faults.Break("ReleaseScaleDownAsync", RotationErrors.ApiRefused);
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name }));
        result.NodesRolled.ShouldBe(2);
        result.ScaleDownHeld.ShouldBeTrue();
    }

    private RotationHarness Outdated(int workers)
    {
        var harness = new RotationHarness(server, controlPlane: 1, workers: workers);
        harness.Cluster.Outdate();
        return harness;
    }

    private static Task<RollStatus> ForceAsync(WorkflowHandle group, RollCall call) => group.ExecuteUpdateAsync<RollStatus>("force", [call]);

    private static async Task RefusedAsync(WorkflowHandle group, RollCall call, string why)
    {
        var refused = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => ForceAsync(group, call));
        refused.InnerException!.Message.ShouldContain(why);
    }
}
