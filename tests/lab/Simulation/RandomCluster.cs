using System.Globalization;
using Rotation.Bench.Makespan;
using Rotation.Lab.Simulation;
using Rotation.Workflows.Contracts;

namespace Rotation.Tests.Lab.Simulation;

/// <summary>A cluster and the options of its roll, made up from a number: sizes, groups, zones, workloads with and without budgets, limits, replacements that never join.</summary>
internal static class RandomCluster
{
    public static SimRoll Of(int seed)
    {
        var random = new Random(seed);
        SimGroup[] groups = [.. Enumerable.Range(0, random.Next(1, 5)).Select(n => new SimGroup($"nodes-{n}", random.Next(1, 9)))];
        var spec = new SimSpec
        {
            Seed = seed,
            ControlPlane = random.Next(3) switch { 0 => 1, 1 => 3, _ => 5 },
            Groups = groups,
            Zones = [.. Enumerable.Range(0, random.Next(1, 4)).Select(n => $"{(char)('a' + n)}")],
            Workloads = [.. Enumerable.Range(0, random.Next(0, 6)).Select(n => Workload(random, n))],
            Boot = TimeSpan.FromSeconds(random.Next(20, 400)),
            Drain = TimeSpan.FromSeconds(random.Next(1, 200)),
            // Half of the clusters have no failures, so that the rest of a roll is seen too.
            NeverJoins = random.Next(2) == 0 ? 0 : random.NextDouble() * 0.2,
        };
        return new SimRoll(spec, Options(random));
    }

    // One in ten budgets lets nothing go, so that nodes are parked.
    private static SimWorkload Workload(Random random, int number)
    {
        bool stateful = random.Next(2) == 0;
        int replicas = random.Next(1, 7);
        int? allowed = random.Next(10) switch { 0 => 0, < 7 => random.Next(1, replicas + 1), _ => null };
        return new SimWorkload($"{(stateful ? "database" : "web")}-{number}", replicas, stateful, allowed);
    }

    private static RollOptions Options(Random random)
    {
        string Amount(int least) => random.Next(2) == 0 ? random.Next(least, 5).ToString(CultureInfo.InvariantCulture) : $"{random.Next(1, 100)}%";
        return new RollOptions { MaxSurge = Amount(0), MaxUnavailable = Amount(1), ClusterBudget = Amount(1), ParallelGroups = random.Next(4) > 0 };
    }
}
