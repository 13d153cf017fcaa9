using Rotation.Workflows.Rolls;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules.Rolls;

public sealed class GroupSchedulerTests
{
    [Fact]
    public void The_first_node_goes_alone_until_its_replacement_is_proven()
    {
        GroupScheduler group = Group(new(3, 3), canaryDone: false, "a", "a", "a", "a");
        RollMove canary = group.Next().ShouldNotBeNull();
        canary.Kind.ShouldBe(RollMoveKind.Surge);
        group.Next().ShouldBeNull();
        group.Report(canary.Node, NodeStage.Replaced);
        group.Next().ShouldBe(new RollMove(canary.Node, RollMoveKind.Leave));
        All(group).Count.ShouldBe(3);
    }

    [Fact]
    public void A_canary_whose_replacement_is_no_good_proves_nothing()
    {
        GroupScheduler group = Group(new(3, 3), canaryDone: false, "a", "a", "a", "a");
        group.Report(group.Next()!.Node, NodeStage.Failed);
        group.Next().ShouldBeNull();
    }

    [Fact]
    public void A_canary_that_goes_before_its_replacement_comes_is_waited_for()
    {
        GroupScheduler group = Group(new(0, 3), canaryDone: false, "a", "a", "a");
        RollMove canary = group.Next().ShouldNotBeNull();
        canary.Kind.ShouldBe(RollMoveKind.Replace);
        group.Next().ShouldBeNull();
        group.Report(canary.Node, NodeStage.Done);
        All(group).Count.ShouldBe(2);
    }

    [Fact]
    public void A_canary_whose_pods_cannot_be_evicted_proves_nothing()
    {
        GroupScheduler group = Group(new(0, 3), canaryDone: false, "a", "a", "a");
        group.Report(group.Next()!.Node, NodeStage.Parked);
        All(group).Count.ShouldBe(1);
    }

    [Fact]
    public void Drains_overlap_the_boots_of_the_next()
    {
        GroupScheduler group = Group(new(1, 0), canaryDone: true, "a", "a", "a");
        RollMove first = group.Next()!;
        group.Next().ShouldBeNull();
        group.Report(first.Node, NodeStage.Replaced);
        All(group).Select(m => (m.Node.Id, m.Kind)).ShouldBe([("i-0", RollMoveKind.Leave), ("i-1", RollMoveKind.Surge)]);
        // The drain takes longer than the boot: no second extra instance, and no second drain beside it.
        group.Report(group.Nodes[1], NodeStage.Replaced);
        group.Next().ShouldBeNull();
    }

    [Fact]
    public void A_node_detached_by_an_earlier_roll_goes_first_and_is_not_detached_again_without_surge()
    {
        var half = new NodeEntry("i-9", "a", detached: true);
        var group = new GroupScheduler(new(0, 1), [new("i-0", "a"), half]);
        group.Next().ShouldBe(new RollMove(half, RollMoveKind.Surge));
    }

    [Fact]
    public void A_failed_node_holds_its_place_and_a_parked_one_does_not()
    {
        GroupScheduler group = Group(new(0, 1), canaryDone: true, "a", "a", "a");
        group.Report(group.Next()!.Node, NodeStage.Parked);
        RollMove second = group.Next().ShouldNotBeNull();
        group.Report(second.Node, NodeStage.Failed);
        group.Next().ShouldBeNull();
        group.Need.ShouldBe(1);
    }

    [Fact]
    public void Zones_go_evenly()
    {
        GroupScheduler group = Group(new(0, 3), canaryDone: true, "a", "a", "a", "b", "b", "b", "c", "c", "c");
        All(group).Select(m => m.Node.Zone).ShouldBe(["a", "b", "c"]);
    }

    [Fact]
    public void The_zone_with_most_left_goes_first_so_that_none_is_left_over_to_its_own_part()
    {
        GroupScheduler group = Group(new(0, 2), canaryDone: true, "a", "b", "b", "b", "b", "b");
        List<string> order = [];
        while (All(group) is { Count: > 0 } moves)
        {
            order.AddRange(moves.Select(m => m.Node.Zone));
            // The first of those that are begun ends first.
            group.Report(group.Nodes.First(n => n.Stage == NodeStage.Away), NodeStage.Done);
        }

        order.ShouldBe(["b", "b", "b", "b", "a", "b"]);
    }

    [Fact]
    public void A_small_zone_never_loses_more_than_its_part()
    {
        GroupScheduler group = Group(new(0, 4), canaryDone: true, "a", "a", "a", "a", "a", "a", "b", "b");
        // 4 of 8: half of each zone.
        List<RollMove> moves = All(group);
        moves.Count(m => m.Node.Zone == "b").ShouldBe(1);
        moves.Count(m => m.Node.Zone == "a").ShouldBe(3);
    }

    private static GroupScheduler Group(GroupPolicy policy, bool canaryDone, params string[] zones) =>
        new(policy, zones.Select((z, i) => new NodeEntry($"i-{i}", z)), canaryDone);

    private static List<RollMove> All(GroupScheduler group)
    {
        List<RollMove> moves = [];
        while (group.Next() is { } move)
            moves.Add(move);
        return moves;
    }
}
