using FsCheck.Xunit;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Rolls;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules.Rolls;

public sealed class RollSchedulerTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Property(MaxTest = 100)]
    public void Any_cluster_is_rolled_to_its_end_within_every_limit(int seed)
    {
        var random = new Random(seed);
        var cluster = new RandomRoll(random);
        cluster.Run();
        cluster.Violations.ShouldBeEmpty();
        cluster.Groups.SelectMany(g => g.Nodes).ShouldAllBe(n => n.Stage == NodeStage.Done);
    }

    [Fact]
    public void The_control_plane_goes_before_the_workers_and_one_by_one()
    {
        RollGroup[] groups = [Group("masters", InstanceGroupRole.ControlPlane, GroupPolicy.OneByOne, 2), Group("nodes", InstanceGroupRole.Node, new(1, 1), 2)];
        var scheduler = new RollScheduler(groups, 5);
        foreach (NodeEntry master in groups[0].Nodes)
        {
            scheduler.Next().ShouldBe([new RollMove(master, RollMoveKind.Replace)]);
            scheduler.Next().ShouldBeEmpty();
            scheduler.Report(master, NodeStage.Done);
        }

        scheduler.Next().Count.ShouldBe(1);
    }

    [Fact]
    public void What_one_group_can_use_no_more_another_gets()
    {
        RollGroup[] groups = [Group("a", InstanceGroupRole.Node, new(0, 4), 2), Group("b", InstanceGroupRole.Node, new(0, 4), 8)];
        var scheduler = new RollScheduler(groups, 4);
        foreach (RollMove canary in scheduler.Next())
            scheduler.Report(canary.Node, NodeStage.Done);
        foreach (RollMove move in scheduler.Next().Where(m => groups[0].Nodes.Contains(m.Node)))
            scheduler.Report(move.Node, NodeStage.Done);
        scheduler.Next();
        groups[1].Nodes.Count(n => n.Stage == NodeStage.Away).ShouldBe(4);
    }

    [Fact]
    public void Two_nodes_with_replicas_of_one_StatefulSet_are_never_drained_at_once_also_across_groups()
    {
        RollGroup[] groups = [Group("a", InstanceGroupRole.Node, new(0, 2), 1), Group("b", InstanceGroupRole.Node, new(0, 2), 1)];
        var scheduler = new RollScheduler(groups, 4, replicas: groups.SelectMany(g => g.Nodes).ToDictionary(n => n.Id, IReadOnlyCollection<string> (_) => ["default/database"]));
        RollMove only = scheduler.Next().ShouldHaveSingleItem();
        scheduler.Report(only.Node, NodeStage.Done);
        scheduler.Next().ShouldHaveSingleItem().Node.ShouldNotBe(only.Node);
    }

    [Theory]
    [InlineData(30, 3, 3, 3, 3)]
    [InlineData(300, 6, 5, 5, 30)]
    [InlineData(1000, 10, 10, 10, 100)]
    public void The_forecast_is_within_15_percent_of_the_lower_bound_and_a_canary(int workers, int groups, int surge, int unavailable, int budget)
    {
        RollGroup[] cluster = [.. Enumerable.Range(0, groups).Select(g => Group($"g{g}", InstanceGroupRole.Node, new(surge, unavailable), workers / groups))];
        TimeSpan takes = RollForecast.Of(new RollScheduler(cluster, budget), _ => 3 * Minute, _ => Minute);
        TimeSpan bound = RollForecast.LowerBound(cluster, budget, _ => 3 * Minute, _ => Minute);
        takes.ShouldBeGreaterThanOrEqualTo(bound);
        takes.ShouldBeLessThanOrEqualTo((1.15 * bound) + (4 * Minute));
    }

    private static RollGroup Group(string name, InstanceGroupRole role, GroupPolicy policy, int size) =>
        new(name, role, policy, [.. Enumerable.Range(0, size).Select(i => new NodeEntry($"{name}-{i}", $"z{i % 3}"))]);
}
