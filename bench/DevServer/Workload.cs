using Temporalio.Activities;
using Temporalio.Workflows;

namespace Rotation.Bench.DevServer;

/// <summary>A workflow of activities one after the other.</summary>
[Workflow]
public sealed class Chain
{
    /// <summary>Runs it.</summary>
    [WorkflowRun]
    public async Task<int> RunAsync(int length)
    {
        int sum = 0;
        for (int n = 0; n < length; n++)
            sum = await Workflow.ExecuteActivityAsync(() => Sums.Add(sum, n), new() { StartToCloseTimeout = TimeSpan.FromMinutes(1) });
        return sum;
    }
}

/// <summary>Its activity.</summary>
public static class Sums
{
    /// <summary>Adds.</summary>
    [Activity]
    public static int Add(int sum, int n) => sum + n;
}
