using Rotation.Bench.Makespan;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Simulation;

/// <summary>What <c>make bench-makespan</c> promises, on fewer seeds.</summary>
public sealed class MakespanTests
{
    [Theory]
    [InlineData(30, 3, 1, 5)]
    [InlineData(30, 3, 2, 5)]
    [InlineData(300, 6, 1, 15)]
    public void Ours_is_as_much_faster_as_promised_near_the_lower_bound_and_breaks_no_rule(int workers, int groups, int seed, double times)
    {
        MakespanCase run = MakespanBench.Measure(workers, groups, seed);

        run.Faster.ShouldBeGreaterThanOrEqualTo(times);
        run.OursSeconds.ShouldBeInRange(run.LowerBoundSeconds, 1.15 * run.LowerBoundSeconds);
        run.BoundWithoutCanarySeconds.ShouldBeLessThanOrEqualTo(run.LowerBoundSeconds);
        (run.PdbViolations, run.OtherViolations).ShouldBe((0, 0));
    }
}
