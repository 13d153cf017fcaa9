using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Replay;

/// <summary>Records the histories of rolls, as <see cref="HistoryRecorder"/> does those of rotations.</summary>
public sealed class RollHistoryRecorder(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task Records_a_roll_of_two_worker_groups_that_share_a_budget()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 6, groups: 2);
        harness.Cluster.Outdate();
        var roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = new() { ClusterBudget = "50%" } }, "roll-completed");
        (await RotationHarness.EndOfAsync(roll)).NodesRolled.ShouldBe(7);
        await HistoryRecorder.SaveAsync(roll);
        await HistoryRecorder.SaveAsync(harness.Handle($"{roll.Id}-control-plane-0"));
        await HistoryRecorder.SaveAsync(harness.Handle($"{roll.Id}-nodes-0"));
    }

    [Fact]
    public async Task Records_a_roll_that_parks_a_node_holds_and_drains_it_by_force()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server, controlPlane: 0, workers: 4);
        harness.Cluster.Outdate();
        harness.Faults.Break("Drain i-002", RotationErrors.DrainTimedOut);
        var roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = new() { MaxSurge = "0" } }, "roll-held");
        foreach (string person in new[] { "ann@example.com", "bob@example.com" })
        {
            await RotationHarness.RollWhenAsync(roll, s => s.Held is not null);
            var force = new RollCall { Operator = person, Instances = ["i-002"] };
            await roll.SignalAsync(w => w.ForceAsync(force));
        }

        (await RotationHarness.EndOfAsync(roll)).Forced.ShouldBe(["i-002"]);
        await HistoryRecorder.SaveAsync(roll);
        await HistoryRecorder.SaveAsync(harness.Handle($"{roll.Id}-nodes"));
    }

    [Fact]
    public async Task Records_a_group_that_continued_as_new_in_the_midst_of_nodes()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server, controlPlane: 0, workers: 12);
        harness.Cluster.Outdate();
        var group = await harness.StartGroupAsync(new() { Cluster = harness.Cluster.Name, InstanceGroup = "nodes", ContinueAfter = 100, Roll = new() { MaxSurge = "2" } }, "roll-continued");
        (await RotationHarness.EndOfAsync(group)).NodesRolled.ShouldBe(12);
        await HistoryRecorder.SaveAsync(harness.Handle(group.Id));
    }
}
