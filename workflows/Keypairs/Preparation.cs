using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Before step 1: reads everything, checks it, makes the plan. Changes nothing.</summary>
internal static class Preparation
{
    /// <summary>Fails with <c>InvalidRequest</c>, <c>PreflightFailed</c> or the error type of the read that failed.</summary>
    public static Task PrepareAsync(RotationRun run) => FirstReads.PlanAsync(run, async () =>
    {
        Task<ClusterFacts> facts = FirstReads.FactsAsync(run);
        Task<KeysetList> keysets = FirstReads.KeysetsAsync(run);
        Task<InstanceList> instances = FirstReads.InstancesAsync(run);
        await Workflow.WhenAllAsync(facts, keysets, instances);
        var snapshot = new ClusterSnapshot(run.Request, await facts, ClusterSnapshot.Choose(run.Request, await keysets), await instances, Workflow.UtcNow);
        RotationPlan plan = PlanBuilder.Build(snapshot);
        run.Begin(snapshot, plan);
        Preflight.ThrowIfError(plan.Findings);
    });
}
