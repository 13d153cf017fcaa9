using Rotation.Lab;
using Rotation.Lab.Invariants;
using Rotation.Lab.Simulation;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Simulation;

/// <summary>The baseline: kOps' order in virtual time takes as long as the sum of what it waits for, and keeps every rule.</summary>
public sealed class KopsOrderTests
{
    private static readonly SimSpec Spec = new() { ControlPlane = 1, Groups = [new SimGroup("nodes-b", 3), new SimGroup("nodes-a", 2)], Seed = 7, Workloads = [new SimWorkload("database", 3, true, 1), new SimWorkload("web", 6, false, 2)] };

    [Fact]
    public void Groups_go_one_after_another_by_name_one_node_at_a_time_with_one_ahead()
    {
        SimCluster cluster = Roll(Spec);

        var events = cluster.Events.Skip((int)cluster.Began).ToList();
        events.Where(e => e.Kind == LabEvents.InstanceTerminating).Select(e => e.Group).ShouldBe(["control-plane-a", "nodes-a", "nodes-a", "nodes-b", "nodes-b", "nodes-b"]);
        events.Count(e => e.Kind == LabEvents.InstanceDetached).ShouldBe(2);
        cluster.Nodes.ShouldAllBe(n => n.Ready && !n.NeedsUpdate);
        RollChecker.Check(cluster.Events, cluster.Began, new RollLimits { ControlPlaneGroups = cluster.ControlPlaneGroups, Budget = 1 }).ShouldBeEmpty();
    }

    [Fact]
    public void Its_length_is_the_sum_of_the_documented_waits()
    {
        SimSpec one = Spec with { Groups = [], Workloads = [] };
        TimeSpan boot = one.BootOf(new SimCluster(one, new VirtualTime()).Nodes[0].Id) + one.Shutdown;

        // Post-drain delay, the call, the interval; then validation each 30 seconds until it boots, and 10 more to see it twice.
        TimeSpan waits = TimeSpan.FromSeconds(5 + 1 + 15);
        TimeSpan ticks = TimeSpan.FromSeconds(30 * Math.Ceiling((boot - TimeSpan.FromSeconds(15)).TotalSeconds / 30));
        Roll(one).Time.Now.ShouldBe(waits + ticks + TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Roll(Spec).Events.ShouldBe(Roll(Spec).Events);
        Roll(Spec with { Seed = 8 }).Time.Now.ShouldNotBe(Roll(Spec).Time.Now);
    }

    private static SimCluster Roll(SimSpec spec)
    {
        var cluster = new SimCluster(spec, new VirtualTime());
        cluster.Time.Run(() => KopsOrder.RunAsync(cluster));
        return cluster;
    }
}
