using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Keypairs;

/// <summary>Before step 1: reads everything, checks it, finds what was begun already, makes the plan. Changes nothing.</summary>
internal static class Preparation
{
    /// <summary>Fails with <c>InvalidRequest</c>, <c>PreflightFailed</c> or the error type of the read that failed.</summary>
    public static Task PrepareAsync(RotationRun run) => FirstReads.PlanAsync(run, async () =>
    {
        Task<ClusterFacts> facts = FirstReads.FactsAsync(run);
        Task<KeysetList> keysets = FirstReads.KeysetsAsync(run);
        Task<InstanceList> instances = FirstReads.InstancesAsync(run);
        await Workflow.WhenAllAsync(facts, keysets, instances);
        var found = new ClusterSnapshot(run.Request, await facts, ClusterSnapshot.Choose(run.Request, await keysets), await instances, Workflow.UtcNow);
        ClusterSnapshot snapshot = await CheckAsync(run, await AdoptAsync(run, found));
        RotationPlan plan = PlanBuilder.Build(snapshot);
        run.Begin(snapshot, plan);
        Preflight.ThrowIfError(plan.Findings);
    });

    /// <summary>Makes the plan to go forward again from a step. Fails as <see cref="PrepareAsync"/>.</summary>
    public static async Task ReplanAsync(RotationRun run, string next)
    {
        run.Board.Say($"Reads the cluster and makes the plan to go forward again from {next}.");
        ClusterSnapshot before = run.Snapshot!;
        var adoption = new Adoption([.. run.Ledgers.Select(l => l.ToFound())], next, []);
        ClusterSnapshot snapshot = await CheckAsync(run, before with { Instances = await FirstReads.InstancesAsync(run), At = Workflow.UtcNow, Adoption = adoption, FirstStep = next, Round = before.Round + 1 });
        RotationPlan plan = PlanBuilder.Build(snapshot);
        Preflight.ThrowIfError(plan.Findings);
        run.Replan(snapshot, plan);
    }

    private static async Task<ClusterSnapshot> AdoptAsync(RotationRun run, ClusterSnapshot found)
    {
        Adoption adoption = run.Request.Adopt ? Adoption.Read(found.Keysets) : Adoption.None(found.Keysets);
        if (!adoption.Any)
            return found with { Adoption = adoption };
        run.Board.Say("Finds out how far a rotation that was begun before has come.");
        UpdatePreview update = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.PreviewUpdateAsync(run.Cluster), ActivityProfiles.Read("looks what an update would change"));
        TrustMatrix? servers = found.RotatesClusterCa ? await Workflow.ExecuteActivityAsync((ITrustActivities a) => a.ReadTrustAsync(run.Cluster), ActivityProfiles.Probe("reads what every server serves and trusts")) : null;
        adoption = adoption.Decide(update.Changes == 0 && found.Instances.Instances.All(i => !i.NeedsUpdate), servers);
        run.Seen.Servers = servers;
        return found with { Adoption = adoption, FirstStep = adoption.FirstStep };
    }

    private static async Task<ClusterSnapshot> CheckAsync(RotationRun run, ClusterSnapshot snapshot)
    {
        if (snapshot.Keysets.Any(k => k.Name == Holds.ServiceAccount))
            snapshot = snapshot with { Tokens = await Workflow.ExecuteActivityAsync((IUsageActivities a) => a.ReadTokenUsageAsync(run.Cluster), ActivityProfiles.Read("looks for service-account tokens")) };
        var input = new PreflightInput
        {
            Cluster = run.Cluster,
            Keysets = run.Request.Keysets,
            AdminTtl = run.Request.AdminTtl,
            Forecast = RotationForecast.Of(snapshot),
            Roll = run.Request.Roll,
            Sinks = run.Request.Sinks,
            Notifiers = run.Request.Notify,
        };
        PreflightResult result = await Workflow.ExecuteActivityAsync((IPreflightActivities a) => a.RunPreflightAsync(input), ActivityProfiles.Probe("pre-flight checks"));
        return snapshot with { Findings = result.Findings };
    }
}
