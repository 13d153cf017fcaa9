using System.Text.Json;
using Rotation.Lab.Invariants;
using Rotation.Lab.Simulation;
using Rotation.Workflows.Contracts;

namespace Rotation.Bench.Makespan;

/// <summary>Rolls the same simulated clusters in kOps' order and in ours. README.md of this folder says what is in the model and what is not.</summary>
public static class MakespanBench
{
    private const int Seeds = 5;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly (int Workers, int Groups)[] Clusters = [(30, 3), (300, 6), (1000, 10)];

    /// <summary>Prints the table and the JSON object; 1 when a rule was broken.</summary>
    public static int Run()
    {
        List<MakespanCase> cases = [];
        Console.WriteLine($"{"workers",8} {"groups",6} {"budget",6} {"surge",6} {"seed",4} {"kOps",8} {"ours",8} {"bound",8} {"faster",7} {"ours/bound",10} {"no canary",9} {"violations",10}");
        foreach ((int workers, int groups) in Clusters)
        {
            MakespanCase[] runs = [.. Enumerable.Range(1, Seeds).Select(seed => Measure(workers, groups, seed))];
            foreach ((int number, MakespanCase run) in runs.Index())
                Console.WriteLine($"{workers,8} {groups,6} {run.Budget,6} {run.MaxSurge,6} {number + 1,4} {Length(run.KopsSeconds),8} {Length(run.OursSeconds),8} {Length(run.LowerBoundSeconds),8} {run.Faster,6:F1}x {run.OursSeconds / run.LowerBoundSeconds,10:F3} {run.OursSeconds / run.BoundWithoutCanarySeconds,9:F3} {run.PdbViolations + run.OtherViolations,10}");
            // The seed with the median advantage stands for its cluster; violations of every seed count.
            MakespanCase median = runs.OrderBy(r => r.KopsSeconds / r.OursSeconds).ElementAt(Seeds / 2);
            cases.Add(median with { PdbViolations = runs.Sum(r => r.PdbViolations), OtherViolations = runs.Sum(r => r.OtherViolations) });
        }

        Console.WriteLine(JsonSerializer.Serialize(new { cases }, Json));
        return cases.TrueForAll(c => c.PdbViolations + c.OtherViolations == 0) ? 0 : 1;
    }

    /// <summary>Rolls one cluster twice, with the documented settings: a third of a small cluster at once, a tenth of a large one.</summary>
    public static MakespanCase Measure(int workers, int groups, int seed)
    {
        string share = workers < 100 ? "33%" : "10%";
        var options = new RollOptions { ClusterBudget = share, MaxSurge = share };
        var roll = new SimRoll(Cluster(workers, groups, seed), options);
        (TimeSpan kops, IReadOnlyList<RollViolation> kopsBroke) = Time(roll, KopsOrder.RunAsync, new RollLimits());
        (TimeSpan ours, IReadOnlyList<RollViolation> broke) = Time(roll, c => new OurOrder(c, roll.Scheduler(c), new OurHabits()).RunAsync(), roll.Limits());
        return new(workers, groups, options.ClusterBudget, options.MaxSurge, Math.Round(kops.TotalSeconds), Math.Round(ours.TotalSeconds), Math.Round(roll.CanaryBound().TotalSeconds))
        {
            BoundWithoutCanarySeconds = Math.Round(roll.LowerBound().TotalSeconds),
            PdbViolations = broke.Concat(kopsBroke).Count(v => v.Rule == "disruption-budget"),
            OtherViolations = broke.Count(v => v.Rule != "disruption-budget"),
        };
    }

    private static (TimeSpan Length, IReadOnlyList<RollViolation> Violations) Time(SimRoll roll, Func<SimCluster, Task> order, RollLimits limits)
    {
        SimCluster cluster = roll.Open();
        cluster.Time.Run(() => order(cluster));
        if (cluster.Nodes.Any(n => n.NeedsUpdate))
            throw new InvalidOperationException("An order left nodes as they were.");
        return (cluster.Time.Now, RollChecker.Check(cluster.Events, cluster.Began, limits));
    }

    // Three pods a worker: a third of them in StatefulSets of three, the rest in Deployments of twenty whose budgets let a quarter go, as the lab's own workloads.
    private static SimSpec Cluster(int workers, int groups, int seed) => new()
    {
        Seed = seed,
        Groups = [.. Enumerable.Range(0, groups).Select(g => new SimGroup($"nodes-{g:d2}", (workers / groups) + (g < workers % groups ? 1 : 0)))],
        Workloads =
        [
            .. Enumerable.Range(0, workers / 3).Select(n => new SimWorkload($"database-{n}", 3, Stateful: true, MaxUnavailable: 1)),
            .. Enumerable.Range(0, workers / 10).Select(n => new SimWorkload($"web-{n}", 20, Stateful: false, MaxUnavailable: 5)),
        ],
    };

    private static string Length(double seconds) =>
        TimeSpan.FromSeconds(seconds) is var length && length.TotalHours >= 1 ? $"{(int)length.TotalHours}h{length.Minutes:d2}m" : $"{length.Minutes}m{length.Seconds:d2}s";
}
