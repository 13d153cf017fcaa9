using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Secrets;
using Temporalio.Workflows;

namespace Rotation.Workflows.Legacy;

/// <summary>Before step 1: reads everything, checks it, makes the plan. Changes nothing.</summary>
internal static class LegacyPlans
{
    /// <summary>Fails with <c>PreflightFailed</c> or the error type of the read that failed.</summary>
    public static Task PrepareAsync(LegacyRun run) => FirstReads.PlanAsync(run, async () =>
    {
        Task<ClusterFacts> facts = FirstReads.FactsAsync(run);
        Task<KeysetList> keysets = FirstReads.KeysetsAsync(run);
        Task<InstanceList> instances = FirstReads.InstancesAsync(run);
        Task<CredentialNames> names = Workflow.ExecuteActivityAsync((ILegacyActivities a) => a.ReadCredentialNamesAsync(run.Cluster), ActivityProfiles.Read("reads what there is to delete"));
        await Workflow.WhenAllAsync(facts, keysets, instances, names);
        LegacyPlan plan = Build(run.Request, await facts, await instances, await names);
        run.Begin(await facts, await keysets, plan);
        Preflight.ThrowIfError(plan.Findings);
    });

    /// <summary>The plan with its hash. Pure.</summary>
    public static LegacyPlan Build(LegacyRotationRequest request, ClusterFacts facts, InstanceList instances, CredentialNames names)
    {
        var plan = new LegacyPlan
        {
            Cluster = facts.Name,
            KopsVersion = facts.KopsVersion,
            Request = request,
            Deletes = names,
            Steps = [.. LegacySteps.All.Select(s => Step(s, request, instances, names))],
            Instances = PlanBuilder.InOrder(instances, [.. instances.Instances.Select(i => i.Id)]),
            Findings = Preflight.Sorted([.. Findings(request, facts, instances, names), .. Preflight.OfAny(request, facts, instances.Instances)]),
        };
        return plan with { PlanHash = PlanHash.Of(plan) };
    }

    /// <summary>What the only gate says.</summary>
    public static string WhyGate(LegacyRun run) => $"Everybody is cut off: every credential of {run.Plan.Cluster} is made anew, every node is replaced without draining, every pod is deleted. {run.Plan.WhyGate()}";

    private static PlannedStep Step(string step, LegacyRotationRequest request, InstanceList instances, CredentialNames names)
    {
        string roll = $"rolling update by force, without drain and validation: {instances.Instances.Count} instances";
        (string[] commands, string[] back) = step switch
        {
            LegacySteps.BackUp => (new[] { "copy pki and secrets into the worker's work directory" }, new[] { "nothing to take back" }),
            LegacySteps.Delete => ([.. names.Secrets.Select(s => $"kops delete secret secret {s}"), .. names.Keysets.Select(k => $"kops delete secret keypair {k}")], ["put the copy back, byte for byte", "kops update cluster --yes", "from step 3 on: remove etcd's certificates, " + roll + ", validate"]),
            LegacySteps.Update => (["kops update cluster --yes"], ["by the way back of 2-delete"]),
            LegacySteps.Etcd => ([.. names.Hosts.Select(h => $"ssh {h}: delete etcd's server and peer certificates")], ["by the way back of 2-delete"]),
            LegacySteps.Roll => ([roll], ["by the way back of 2-delete"]),
            LegacySteps.Export => ([$"kops export kubecfg --admin={request.AdminTtl}", "deliver to the sinks, read back; prove that the old credentials are refused"], ["deliver the previous credentials"]),
            LegacySteps.Tokens => (["delete every service-account token Secret", .. names.Hosts.Select(h => $"ssh {h}: restart the controller manager"), "delete every pod"], ["by the way back of 2-delete, once more"]),
            _ => (["validate, up to ten minutes"], ["nothing to take back"]),
        };
        return new(step, step == LegacySteps.BackUp ? step : null, null, commands, back);
    }

    private static IEnumerable<Finding> Findings(LegacyRotationRequest request, ClusterFacts facts, InstanceList instances, CredentialNames names)
    {
        int controlPlane = instances.Instances.Count(i => i.Role == InstanceGroupRole.ControlPlane);
        if (names.Keysets.Count == 0)
            yield return new("no-keysets", FindingSeverity.Error, "the state store has no keysets to delete: is it the right one?");
        if (names.Hosts.Count < controlPlane)
            yield return new("ssh-hosts-missing", FindingSeverity.Error, $"the worker's configuration pins {names.Hosts.Count} hosts (Rotation:Clusters:{facts.Name}:SshHosts) and there are {controlPlane} control-plane instances: etcd's certificates must be removed on each");
        if (Preflight.MinorOf(facts.KopsVersion) is not { } minor)
            yield return new("kops-version-unknown", FindingSeverity.Error, $"'{facts.KopsVersion}' is not a version of kops 1");
        else if (minor >= Preflight.FirstGraceful)
            yield return request.AllowNewerKops
                ? new("kops-rotates-gracefully", FindingSeverity.Warning, $"kops {facts.KopsVersion} can rotate without disruption: RotateKeypairs does")
                : new("kops-rotates-gracefully", FindingSeverity.Error, $"kops {facts.KopsVersion} can rotate without disruption: start RotateKeypairs; or, with a second approver, \"allowNewerKops\": true");
        yield return new("disruption", FindingSeverity.Warning, $"the API is away until every node is replaced; every kubeconfig and every service-account token of {facts.Name} is void");
        yield return new("hosts-change", FindingSeverity.Warning, "replaced control-plane hosts show new SSH keys: before step 7 pin those in the worker's configuration, restart the worker, and resume");
    }
}
