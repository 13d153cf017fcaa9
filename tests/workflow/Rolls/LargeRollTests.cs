using System.Globalization;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Rolls;

/// <summary>A large cluster: <c>make roll-large</c> sets its size; CI rolls a small one.</summary>
public sealed class LargeRollTests(RotationServer server) : IClassFixture<RotationServer>
{
    private const int Groups = 10;
    private static readonly int Nodes = int.Parse(Environment.GetEnvironmentVariable("ROTATION_ROLL_NODES") ?? "40", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Ten_groups_side_by_side_are_rolled_within_their_histories()
    {
        await using var harness = new RotationHarness(server, controlPlane: 3, workers: Nodes, groups: Groups);
        harness.Cluster.ChecksTrust = false;
        harness.Cluster.Outdate();
        string[] before = [.. harness.Cluster.Nodes.Select(n => n.Id)];
        var roll = await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name, Roll = new() { MaxSurge = "10%", MaxUnavailable = "10%", ClusterBudget = "20%" } });

        RollResult result = await roll.GetResultAsync().WaitAsync(TimeSpan.FromMinutes(20));

        result.NodesRolled.ShouldBe(Nodes + 3);
        harness.Cluster.Terminated.ShouldBe(before, ignoreOrder: true);
        (await roll.FetchHistoryAsync()).Events.Count.ShouldBeLessThanOrEqualTo(500);
        for (int group = 0; group < Groups; group++)
            (await harness.Handle($"{roll.Id}-nodes-{group}").FetchHistoryAsync()).Events.Count.ShouldBeLessThanOrEqualTo((25 * Nodes / Groups) + 30);
    }
}
