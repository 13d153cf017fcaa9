namespace Rotation.Bench.Makespan;

/// <summary>One line of the comparison; times in seconds of the simulated cluster.</summary>
/// <param name="Workers">Worker nodes.</param>
/// <param name="Groups">Worker groups.</param>
/// <param name="Budget">The roll's <c>clusterBudget</c>.</param>
/// <param name="MaxSurge">The roll's <c>maxSurge</c>.</param>
/// <param name="KopsSeconds">kOps' order.</param>
/// <param name="OursSeconds">Ours.</param>
/// <param name="LowerBoundSeconds">What no order under the same budget can be faster than that takes the first node of each group alone, and the same one as ours.</param>
public sealed record MakespanCase(int Workers, int Groups, string Budget, string MaxSurge, double KopsSeconds, double OursSeconds, double LowerBoundSeconds)
{
    /// <summary>The bound without the rule that the first node of each group goes alone.</summary>
    public double BoundWithoutCanarySeconds { get; init; }

    /// <summary>PodDisruptionBudgets that were broken, in either order.</summary>
    public int PdbViolations { get; init; }

    /// <summary>Times that ours had more away than its limits.</summary>
    public int OtherViolations { get; init; }

    /// <summary>How many times faster than kOps' order.</summary>
    public double Faster => Math.Round(KopsSeconds / OursSeconds, 2);
}
