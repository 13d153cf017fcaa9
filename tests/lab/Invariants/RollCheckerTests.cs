using Rotation.Lab;
using Rotation.Lab.Invariants;
using Rotation.Tests.Lab.Activities;
using Rotation.Tests.Lab.Cluster;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Invariants;

/// <summary>The checker finds each kind of excess in a log, and none in one that keeps the limits.</summary>
public sealed class RollCheckerTests
{
    private readonly List<LabEvent> _log = [];

    public RollCheckerTests()
    {
        foreach (var (instance, group, zone) in new[] { ("m1", "masters-a", "a"), ("m2", "masters-b", "b"), ("n1", "nodes", "a"), ("n2", "nodes", "a"), ("n3", "nodes", "b"), ("o1", "others", "a"), ("o2", "others", "b") })
            Add(LabEvents.NodeReady, instance, group, zone);
        foreach (var pod in new[] { "default/db-0", "default/db-1" })
            _log.Add(new LabEvent { Sequence = _log.Count + 1, Kind = LabEvents.PodReady, Pod = pod, Owner = "StatefulSet/default/db" });
        Began = _log.Count;
    }

    private long Began { get; }

    private RollLimits Limits { get; } = new() { ByGroup = new Dictionary<string, int> { ["nodes"] = 2 }, ControlPlaneGroups = ["masters-a", "masters-b"], Budget = 2, ByGroupAndZone = 1 };

    [Fact]
    public void One_after_another_within_the_limits_breaks_nothing()
    {
        foreach (var (instance, group, zone) in new[] { ("n1", "nodes", "a"), ("n3", "nodes", "b") })
        {
            Add(LabEvents.NodeCordoned, instance, group, zone);
            Add(LabEvents.InstanceTerminating, instance, group, zone);
            Add(LabEvents.NodeReady, instance + "x", group, zone);
        }

        Add(LabEvents.InstanceTerminating, "m1", "masters-a", "a");
        Add(LabEvents.NodeReady, "m1x", "masters-a", "a");
        Add(LabEvents.InstanceTerminating, "m2", "masters-b", "b");

        Rules().ShouldBeEmpty();
    }

    [Fact]
    public void A_node_started_ahead_makes_room_for_one_more()
    {
        Add(LabEvents.NodeReady, "o3", "others", "a");
        Add(LabEvents.NodeCordoned, "o1", "others", "a");
        Add(LabEvents.NodeCordoned, "o2", "others", "b");

        Rules().ShouldBeEmpty();
    }

    [Fact]
    public void Too_many_of_a_group_zone_and_budget_are_told_apart()
    {
        Add(LabEvents.NodeCordoned, "n1", "nodes", "a");
        Add(LabEvents.NodeNotReady, "n2", "nodes", "a");
        Add(LabEvents.InstanceTerminating, "n3", "nodes", "b");

        Rules().ShouldBe(["zone", "group", "budget"]);
    }

    [Fact]
    public void Two_control_plane_nodes_at_once_break_a_rule_of_their_own()
    {
        Add(LabEvents.NodeNotReady, "m1", "masters-a", "a");
        Add(LabEvents.InstanceTerminating, "m2", "masters-b", "b");

        Rules().ShouldBe(["control-plane"]);
    }

    [Fact]
    public void Two_replicas_of_a_stateful_set_and_a_broken_budget_are_found()
    {
        foreach (var pod in new[] { "default/db-0", "default/db-1" })
            _log.Add(new LabEvent { Sequence = _log.Count + 1, Kind = LabEvents.PodEvicted, Pod = pod, Owner = "StatefulSet/default/db" });
        _log.Add(new LabEvent { Sequence = _log.Count + 1, Kind = LabEvents.BudgetBroken, Detail = "default/db" });

        Rules().ShouldBe(["stateful-set", "disruption-budget"]);
    }

    [Fact]
    public async Task A_roll_of_the_lab_keeps_the_limits_and_a_careless_one_does_not()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 3, workers: 4);
        using var activities = new HandActivities(run);
        run.Kops.Stage();
        run.Kops.Update();
        var limits = new RollLimits { ControlPlaneGroups = [.. run.Lab.GetStatus().Nodes.Where(n => n.Role == "control-plane").Select(n => n.Group)], Budget = 1 };

        var began = run.Lab.Events.Count;
        foreach (var node in run.Lab.GetStatus().Nodes.OrderBy(n => n.Role == "node"))
            await activities.ReplaceAsync(node.Id, surge: false);
        RollChecker.Check(run.Lab.Events, began, limits).ShouldBeEmpty();

        began = run.Lab.Events.Count;
        foreach (var node in run.Lab.GetStatus().Nodes.Where(n => n.Role == "node").Take(3).ToList())
            await run.TerminateAsync(node.Id);
        await run.Lab.WaitReadyAsync(TestContext.Current.CancellationToken);

        new[] { "group", "budget", "disruption-budget" }.ShouldBeSubsetOf(RollChecker.Check(run.Lab.Events, began, limits).Select(v => v.Rule));
    }

    private IEnumerable<string> Rules() => RollChecker.Check(_log, Began, Limits).Select(v => v.Rule);

    private void Add(string kind, string instance, string group, string zone) =>
        _log.Add(new LabEvent { Sequence = _log.Count + 1, Kind = kind, Instance = instance, Group = group, Zone = zone });
}
