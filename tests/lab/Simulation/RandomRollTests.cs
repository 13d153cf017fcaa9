using Rotation.Bench.Makespan;
using Rotation.Lab.Invariants;
using Rotation.Lab.Simulation;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Rolls;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Simulation;

/// <summary>
/// A thousand random clusters, rolled in virtual time by the product's scheduler: the invariant checker, which believes only the event log, finds nothing. Schedulers that
/// are broken on purpose are found, each by the rule it breaks.
/// </summary>
public sealed class RandomRollTests
{
    private const int Clusters = 1000;

    [Fact]
    public void No_roll_of_a_thousand_random_clusters_has_more_away_than_it_may()
    {
        int complete = 0, failed = 0, parked = 0;
        for (var seed = 1; seed <= Clusters; seed++)
        {
            SimRoll roll = RandomCluster.Of(seed);
            (SimCluster cluster, OurOrder order, IReadOnlyList<RollViolation> violations) = Run(roll, roll.Scheduler, new OurHabits());

            violations.ShouldBeEmpty($"seed {seed}: {roll.Options}");
            bool all = cluster.Nodes.All(n => !n.NeedsUpdate);
            if (order is { Failed: 0, Parked: 0 })
            {
                all.ShouldBeTrue($"seed {seed} ended with nodes that nobody began");
                cluster.Time.Now.ShouldBeGreaterThanOrEqualTo(roll.CanaryBound(), $"seed {seed} was faster than can be");
            }

            complete += all ? 1 : 0;
            failed += order.Failed > 0 ? 1 : 0;
            parked += order.Parked > 0 ? 1 : 0;
        }

        // The clusters are not all alike: each kind of end was seen.
        complete.ShouldBeGreaterThan(Clusters / 4);
        failed.ShouldBeGreaterThan(Clusters / 50);
        parked.ShouldBeGreaterThan(Clusters / 50);
    }

    [Theory]
    [InlineData("budget")]
    [InlineData("group")]
    [InlineData("zone")]
    [InlineData("control-plane")]
    [InlineData("stateful-set")]
    [InlineData("disruption-budget")]
    public void A_scheduler_that_breaks_a_rule_is_found_by_it(string rule)
    {
        for (var seed = 1; seed <= Clusters; seed++)
        {
            SimRoll roll = RandomCluster.Of(seed);
            if (Run(roll, c => Broken(roll, c, rule), Habits(rule)).Violations.Any(v => v.Rule == rule))
                return;
        }

        Assert.Fail($"No violation of the rule '{rule}' was found in {Clusters} clusters.");
    }

    private static (SimCluster Cluster, OurOrder Order, IReadOnlyList<RollViolation> Violations) Run(SimRoll roll, Func<SimCluster, RollScheduler> scheduler, OurHabits habits)
    {
        SimCluster cluster = roll.Open();
        var order = new OurOrder(cluster, scheduler(cluster), habits);
        cluster.Time.Run(order.RunAsync);
        return (cluster, order, RollChecker.Check(cluster.Events, cluster.Began, roll.Limits()));
    }

    private static OurHabits Habits(string rule) => new() { GuardsReplicas = rule != "stateful-set", Drains = rule != "disruption-budget" };

    private static RollScheduler Broken(SimRoll roll, SimCluster cluster, string rule)
    {
        IReadOnlyList<RollGroup> groups = roll.Groups(cluster);
        return rule switch
        {
            "budget" => new(groups, roll.Budget + 2, parallel: true),
            "group" => new([.. groups.Select(g => g with { Policy = g.Policy with { Unavailable = g.Policy.Unavailable + 2 } })], roll.Budget + 2, roll.Options.ParallelGroups),
            "zone" => new([.. groups.Select(g => g with { Nodes = [.. g.Nodes.Select(n => new NodeEntry(n.Id))] })], roll.Budget, roll.Options.ParallelGroups),
            "control-plane" => new([.. groups.Select(g => g with { Role = InstanceGroupRole.Node })], roll.Budget + 2, parallel: true),
            _ => roll.Scheduler(cluster),
        };
    }
}
