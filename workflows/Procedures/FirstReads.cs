using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>The reads that a plan is made from. Nothing is changed by them.</summary>
internal static class FirstReads
{
    public static Task<ClusterFacts> FactsAsync(ProcedureRun run) => Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadClusterAsync(run.Cluster), ActivityProfiles.Read("reads the cluster"));

    public static Task<KeysetList> KeysetsAsync(ProcedureRun run) => Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadKeysetsAsync(run.Cluster), ActivityProfiles.Read("reads the keysets"));

    public static Task<InstanceList> InstancesAsync(ProcedureRun run) => Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadInstancesAsync(run.Cluster), ActivityProfiles.Read("reads the instances"));

    /// <summary>Makes the plan. A read that fails ends the rotation with the error type of the read, saying that nothing was changed.</summary>
    public static async Task PlanAsync(ProcedureRun run, Func<Task> make)
    {
        run.Board.Say("Reads the cluster and makes the plan.");
        try
        {
            await make();
        }
        catch (ActivityFailureException e)
        {
            throw RotationErrors.Permanent(Failures.TypeOf(e), $"{Failures.RootOf(e).Message} Nothing was changed.");
        }
    }
}
