using FsCheck.Xunit;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Rolls;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules;

public sealed class RollPlanTests
{
    private static readonly InstanceList Cluster = new(
    [
        Instance("i-w1", "nodes-b", InstanceGroupRole.Node), Instance("i-w2", "nodes-a", InstanceGroupRole.Node), Instance("i-w3", "nodes-a", InstanceGroupRole.Node) with { Detached = true, NeedsUpdate = false },
        Instance("i-c2", "master-b", InstanceGroupRole.ControlPlane), Instance("i-c1", "master-a", InstanceGroupRole.ControlPlane), Instance("i-b", "bastions", InstanceGroupRole.Bastion),
        Instance("i-ok", "nodes-c", InstanceGroupRole.Node) with { NeedsUpdate = false },
    ]);

    [Fact]
    public void Follows_the_order_of_kOps_and_finishes_what_is_half_done_first() =>
        RollPlan.Of(new() { Cluster = "a.b" }, Cluster).SelectMany(g => g.Instances).Select(i => i.Id).ShouldBe(["i-b", "i-c1", "i-c2", "i-w3", "i-w2", "i-w1"]);

    [Fact]
    public void By_force_takes_what_needs_no_update_too_but_only_the_instances_named() =>
        RollPlan.Of(new() { Cluster = "a.b", Force = true, Instances = ["i-ok", "i-gone"] }, Cluster).SelectMany(g => g.Instances).Select(i => i.Id).ShouldBe(["i-ok"]);

    [Fact]
    public void Takes_only_the_groups_named() =>
        RollPlan.Of(new() { Cluster = "a.b", InstanceGroups = ["nodes-b"] }, Cluster).Select(g => g.Name).ShouldBe(["nodes-b"]);

    [Property]
    public void Shares_never_exceed_the_budget_nor_what_a_group_wants(byte budget, (byte Left, byte Wanted)[] groups)
    {
        int[] left = [.. groups.Select(g => (int)g.Left)], wanted = [.. groups.Select(g => (int)g.Wanted)];
        IReadOnlyList<int> shares = RollBudget.Share(budget, left, wanted);
        shares.Sum().ShouldBeLessThanOrEqualTo(budget);
        for (int i = 0; i < shares.Count; i++)
            shares[i].ShouldBeInRange(0, Math.Min(left[i], wanted[i]));
        int could = groups.Sum(g => Math.Min(g.Left, g.Wanted));
        shares.Sum().ShouldBe(Math.Min(could, budget));
    }

    [Property]
    public void A_group_that_ends_never_takes_anything_from_the_others(byte budget, (byte Left, byte Wanted)[] groups)
    {
        if (groups.Length < 2)
            return;
        IReadOnlyList<int> before = RollBudget.Share(budget, [.. groups.Select(g => (int)g.Left)], [.. groups.Select(g => (int)g.Wanted)]);
        IReadOnlyList<int> after = RollBudget.Share(budget, [.. groups.Skip(1).Select(g => (int)g.Left)], [.. groups.Skip(1).Select(g => (int)g.Wanted)]);
        for (int i = 0; i < after.Count; i++)
            after[i].ShouldBeGreaterThanOrEqualTo(before[i + 1]);
    }

    private static InstanceState Instance(string id, string group, InstanceGroupRole role) => new() { Id = id, InstanceGroup = group, Role = role, NeedsUpdate = true, NodeName = id };
}
