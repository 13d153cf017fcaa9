using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Rolls;

public sealed class RollTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static readonly RollOptions Wide = new() { MaxSurge = "1", MaxUnavailable = "1", ClusterBudget = "50%" };

    [Fact]
    public async Task Every_node_is_replaced_once_the_control_plane_first_and_nothing_is_left_behind()
    {
        await using var harness = new RotationHarness(server, controlPlane: 2, workers: 8, groups: 2);
        string[] before = Before(harness);
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Wide }));

        result.NodesRolled.ShouldBe(10);
        harness.Cluster.Terminated.ShouldBe(before, ignoreOrder: true);
        harness.Cluster.Terminated.Take(2).ShouldBe(["i-001", "i-002"]);
        harness.Cluster.FewestServing.ShouldBeGreaterThanOrEqualTo(6);
        harness.Cluster.Nodes.ShouldAllBe(n => !n.NeedsUpdate(harness.Cluster.Published) && !n.IsHeld && !n.Tainted && !n.Cordoned);
        harness.Faults.CallsOf("HoldScaleDownAsync").ShouldBe(1);
    }

    [Fact]
    public async Task A_plan_says_which_nodes_why_in_which_order_and_how_long_and_changes_nothing()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 4, groups: 2);
        Before(harness);
        var handle = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, PlanOnly = true, Roles = ["node"] });
        (await RotationHarness.EndOfAsync(handle)).NodesRolled.ShouldBe(0);

        RollPlanView plan = await handle.QueryAsync(w => w.GetPlan());
        plan.Groups.Select(g => g.Name).ShouldBe(["nodes-0", "nodes-1"]);
        plan.Groups.SelectMany(g => g.Nodes).ShouldAllBe(n => n.Why == "needs the update");
        plan.Nodes.ShouldBe(4);
        plan.Budget.ShouldBe(1);
        plan.Forecast.Value.ShouldBe(TimeSpan.FromMinutes(16));
        harness.Cluster.Terminated.ShouldBeEmpty();
        harness.Faults.CallsOf("HoldScaleDownAsync").ShouldBe(0);
    }

    [Theory]
    [InlineData("0", "1")]
    [InlineData("1", "0")]
    public async Task A_history_has_at_most_25_events_a_node(string surge, string unavailable)
    {
        await using var harness = new RotationHarness(server, controlPlane: 0, workers: 10);
        Before(harness);
        var roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = new() { MaxSurge = surge, MaxUnavailable = unavailable } });
        await RotationHarness.EndOfAsync(roll);
        (await harness.Handle($"{roll.Id}-nodes").FetchHistoryAsync()).Events.Count.ShouldBeLessThanOrEqualTo((10 * 25) + 15);
        (await roll.FetchHistoryAsync()).Events.Count.ShouldBeLessThanOrEqualTo(80);
    }

    [Fact]
    public async Task A_group_continues_as_new_in_the_midst_of_nodes_and_no_node_is_lost_or_ended_twice()
    {
        await using var harness = new RotationHarness(server, controlPlane: 0, workers: 18);
        string[] before = Before(harness);
        var group = await harness.StartGroupAsync(new() { Cluster = harness.Cluster.Name, InstanceGroup = "nodes", ContinueAfter = 100, Roll = new() { MaxSurge = "2", MaxUnavailable = "2" } });
        RollResult result = await RotationHarness.EndOfAsync(group);

        result.NodesRolled.ShouldBe(18);
        (await group.DescribeAsync()).RunId.ShouldNotBe(group.FirstExecutionRunId);
        harness.Cluster.Terminated.ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task A_group_by_itself_holds_the_lock_over_its_runs_and_is_refused_while_somebody_else_does()
    {
        await using var harness = new RotationHarness(server, controlPlane: 0, workers: 12);
        Before(harness);
        var theLock = harness.Handle(ClusterLock.IdOf(harness.Cluster.Name, Fakes.FakeLockActivities.DefaultStore));
        var request = new RollInstanceGroupRequest { Cluster = harness.Cluster.Name, InstanceGroup = "nodes", ContinueAfter = 100 };
        WorkflowHandle<RollInstanceGroup, RollResult> group;
        using (harness.Faults.Block("Drain i-010"))
        {
            group = await harness.StartGroupAsync(request);
            await harness.Faults.ReachedAsync("Drain i-010");
            (await RotationHarness.FailureOfAsync(await harness.StartGroupAsync(request))).Message.ShouldContain(group.Id);
            (await harness.Handle(group.Id).DescribeAsync()).RunId.ShouldNotBe(group.FirstExecutionRunId);
        }

        (await RotationHarness.EndOfAsync(group)).NodesRolled.ShouldBe(12);
        await Eventually.GetAsync(async () => (await theLock.DescribeAsync()).Status, s => s == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Completed);
        harness.Cluster.Terminated.ShouldBeUnique();
    }

    [Fact]
    public async Task What_an_earlier_roll_left_half_done_is_finished_and_not_done_again()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 6);
        string[] before = Before(harness);
        harness.Cluster.Locked(() =>
        {
            harness.Cluster.Detach(before[1]);
            harness.Cluster.Find(before[2])!.Cordoned = true;
            harness.Cluster.Find(before[3])!.Drained = true;
            harness.Cluster.Terminate(before[4]);
            return harness.Cluster.Hold(held: true);
        });
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Wide }));

        result.NodesRolled.ShouldBe(6);
        harness.Cluster.Terminated.ShouldBe(before, ignoreOrder: true);
        harness.Cluster.Nodes.Count.ShouldBe(7);
        harness.Cluster.Nodes.ShouldAllBe(n => !n.NeedsUpdate(harness.Cluster.Published) && !n.IsHeld);
    }

    [Fact]
    public async Task An_instance_that_vanishes_in_the_midst_is_done()
    {
        await using var harness = new RotationHarness(server, controlPlane: 0, workers: 4);
        string[] before = Before(harness);
        WorkflowHandle<RollCluster, RollResult> roll;
        using (harness.Faults.Block("DrainNodeAsync"))
        {
            roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Wide });
            await harness.Faults.ReachedAsync("DrainNodeAsync");
            harness.Cluster.Locked(() =>
            {
                harness.Cluster.Terminate(before[^1]);
                return true;
            });
        }

        (await RotationHarness.EndOfAsync(roll)).NodesRolled.ShouldBe(4);
        harness.Cluster.Terminated.ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task Throttling_and_an_API_that_fails_now_and_then_only_slow_it_down()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 6);
        string[] before = Before(harness);
        foreach (string activity in new[] { "DetachInstanceAsync", "TerminateInstanceAsync" })
            harness.Faults.Disturb(activity, RotationErrors.CloudUnavailable, n => n % 2 == 1);
        harness.Faults.Disturb("AwaitGroupAsync", RotationErrors.ApiUnavailable, n => n % 5 == 0);
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = Wide }));
        result.NodesRolled.ShouldBe(7);
        harness.Cluster.Terminated.ShouldBe(before, ignoreOrder: true);
    }

    [Fact]
    public async Task A_pause_finishes_what_is_begun_and_begins_nothing()
    {
        await using var harness = new RotationHarness(server, controlPlane: 0, workers: 5);
        Before(harness);
        WorkflowHandle<RollCluster, RollResult> roll;
        using (harness.Faults.Block("DrainNodeAsync"))
        {
            roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name });
            await harness.Faults.ReachedAsync("DrainNodeAsync");
            await roll.SignalAsync(w => w.PauseAsync());
            await RotationHarness.RollWhenAsync(harness.Handle($"{roll.Id}-nodes"), s => s.Paused);
        }

        await Eventually.GetAsync(() => Task.FromResult(harness.Cluster.Terminated.Count), n => n == 1);
        RollStatus paused = await RotationHarness.RollWhenAsync(harness.Handle($"{roll.Id}-nodes"), s => s.Done == 1);
        paused.Nodes.ShouldBeEmpty();
        await roll.SignalAsync(w => w.ResumeAsync());
        (await RotationHarness.EndOfAsync(roll)).NodesRolled.ShouldBe(5);
    }

    [Fact]
    public async Task By_kops_own_engine_scale_down_is_held_and_given_back_as_well()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 2);
        Before(harness);
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = new() { Engine = RollEngine.Kops } }));
        result.NodesRolled.ShouldBe(3);
        harness.Faults.Log.Where(a => a is "HoldScaleDownAsync" or "RollWithKopsAsync" or "ReleaseScaleDownAsync").ShouldBe(["HoldScaleDownAsync", "RollWithKopsAsync", "ReleaseScaleDownAsync"]);
    }

    [Fact]
    public async Task How_long_new_workers_could_not_join_is_in_the_result()
    {
        await using var harness = new RotationHarness(server, controlPlane: 2, workers: 1);
        Before(harness);
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, JoinsBlockedSince = DateTimeOffset.UtcNow.AddMinutes(-10) }));
        result.JoinsBlocked.ShouldNotBeNull().Value.ShouldBeInRange(TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(12));
    }

    [Fact]
    public async Task Without_the_API_nothing_is_drained_tainted_or_held()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 3);
        Before(harness);
        RollResult result = await RotationHarness.EndOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, CloudOnly = true }));
        result.NodesRolled.ShouldBe(4);
        foreach (string activity in new[] { "DrainNodeAsync", "TaintNodesAsync", "HoldScaleDownAsync", "ValidateClusterAsync", "DetachInstanceAsync" })
            harness.Faults.CallsOf(activity).ShouldBe(0, activity);
    }

    /// <summary>Makes every node need the update; their ids.</summary>
    private static string[] Before(RotationHarness harness)
    {
        harness.Cluster.Outdate();
        return [.. harness.Cluster.Nodes.Select(n => n.Id)];
    }
}
