using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Before step 1: reads everything, checks it, makes the plan. Changes nothing.</summary>
internal static class Preparation
{
    /// <summary>Fails with <c>InvalidRequest</c>, <c>PreflightFailed</c> or the error type of the read that failed.</summary>
    public static async Task PrepareAsync(RotationRun run)
    {
        run.Board.Say("Reads the cluster and makes the plan.");
        try
        {
            Task<ClusterFacts> facts = Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadClusterAsync(run.Cluster), ActivityProfiles.Read("reads the cluster"));
            Task<KeysetList> keysets = Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadKeysetsAsync(run.Cluster), ActivityProfiles.Read("reads the keysets"));
            Task<InstanceList> instances = Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadInstancesAsync(run.Cluster), ActivityProfiles.Read("reads the instances"));
            await Workflow.WhenAllAsync(facts, keysets, instances);
            var snapshot = new ClusterSnapshot(run.Request, await facts, ClusterSnapshot.Choose(run.Request, await keysets), await instances, Workflow.UtcNow);
            RotationPlan plan = PlanBuilder.Build(snapshot);
            run.Begin(snapshot, plan);
            Preflight.ThrowIfError(plan.Findings);
        }
        catch (ActivityFailureException e)
        {
            throw RotationErrors.Permanent(Failures.TypeOf(e), $"{Failures.RootOf(e).Message} Nothing was changed.");
        }
    }
}
