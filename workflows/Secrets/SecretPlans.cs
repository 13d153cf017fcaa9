using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Planning;
using Rotation.Workflows.Procedures;
using Temporalio.Workflows;

namespace Rotation.Workflows.Secrets;

/// <summary>Before step 1: reads everything, checks it, makes the plan. Changes nothing.</summary>
internal static class SecretPlans
{
    /// <summary>Fails with <c>PreflightFailed</c> or the error type of the read that failed.</summary>
    public static Task PrepareAsync(SecretRun run, SecretCommands commands) => FirstReads.PlanAsync(run, async () =>
    {
        Task<ClusterFacts> facts = FirstReads.FactsAsync(run);
        Task<InstanceList> instances = FirstReads.InstancesAsync(run);
        Task<SecretState> secret = commands.ReadAsync($"reads {run.Secret}");
        await Workflow.WhenAllAsync(facts, instances, secret);
        SecretPlan plan = Build(run.Request, await facts, await instances, await secret);
        run.Begin(await facts, plan);
        Preflight.ThrowIfError(plan.Findings);
    });

    /// <summary>The plan with its hash. Pure.</summary>
    public static SecretPlan Build(RotateSecretRequest request, ClusterFacts facts, InstanceList instances, SecretState found)
    {
        SecretName secret = request.Secret ?? default;
        IReadOnlyList<string> rolled = secret switch
        {
            SecretName.EncryptionConfig => UpdateForecast.Expected(SecretCheck.Servers, instances),
            SecretName.CiliumPassword => [],
            _ => [.. instances.Instances.Select(i => i.Id)],
        };
        var plan = new SecretPlan
        {
            Cluster = facts.Name,
            KopsVersion = facts.KopsVersion,
            Request = request,
            Found = found,
            Steps = [.. SecretSteps.Of(secret).Select(s => Step(s, request, rolled.Count))],
            Instances = PlanBuilder.InOrder(instances, rolled),
            Findings = Preflight.Sorted([.. Findings(secret, found), .. Preflight.OfVersion(facts), .. Preflight.OfAny(request, facts, instances.Instances)]),
        };
        return plan with { PlanHash = PlanHash.Of(plan) };
    }

    /// <summary>What the first gate says.</summary>
    public static string WhyGate(this ProcedurePlan plan) => $"The plan must be approved: query `plan`. {plan.Findings.Count(f => f.Severity == FindingSeverity.Warning)} warnings.";

    private static PlannedStep Step(string step, RotateSecretRequest request, int rolled)
    {
        string kops = $"kops create secret {request.Secret!.Value.ToString().ToLowerInvariant()} -f FILE --force";
        string[] change = [kops, "kops update cluster --yes", Roll(request, rolled)];
        return step switch
        {
            SecretSteps.AddKey => new(step, step, null, change, ["the configuration from before, the same way"]),
            SecretSteps.PromoteKey => new(step, null, null, change, ["the old key first again, the same way", "write every Secret again, and prove that none is under the new key"]),
            SecretSteps.Rewrite => new(step, null, null, ["send every Secret back as it was read: the API server writes it under the first key"], ["by the way back of 2-promote-key"]),
            SecretSteps.Prove => new(step, null, null, ["send every Secret back once more: none must have to be written"], ["nothing to take back"]),
            SecretSteps.RemoveKey => new(step, step, null, [.. change, "read every Secret from every API server"], ["the configuration with both keys, the same way"]),
            _ => new(step, step, null, change, ["the content from before, the same way"]),
        };
    }

    private static string Roll(RotateSecretRequest request, int rolled) => request.Secret switch
    {
        SecretName.CiliumPassword => $"wait {request.Settle} for the agents of Cilium, then validate",
        SecretName.EncryptionConfig => $"rolling update of the control plane: {rolled} instances",
        SecretName.WeavePassword => $"rolling update by force, without drain and validation: {rolled} instances",
        _ => $"rolling update by force: {rolled} instances",
    };

    private static IEnumerable<Finding> Findings(SecretName secret, SecretState found)
    {
        if (found.Sha256.Length == 0)
            yield return new("secret-missing", FindingSeverity.Error, secret == SecretName.WeavePassword
                ? "the cluster has no weavepassword: it does not use Weave, or its kops has it no more"
                : $"the state store has no {secret.ToString().ToLowerInvariant()} to rotate");
        if (secret == SecretName.WeavePassword && found.Sha256.Length > 0)
            yield return new("weave-cut-off", FindingSeverity.Warning, "nodes with the new password and nodes with the old one cannot talk to each other until the last one is replaced");
        if (secret != SecretName.EncryptionConfig || found.Sha256.Length == 0)
            yield break;
        if (found.Resources.Where(r => r != "secrets").ToArray() is { Length: > 0 } others)
            yield return new("encrypts-other-resources", FindingSeverity.Error, $"the encryption configuration covers {string.Join(", ", others)} too, and only Secrets are written again: removing the old key would make the others unreadable; rotate it by hand");
        if (found.KeyCount > 1)
            yield return new("encryption-keys-left", FindingSeverity.Warning, $"the encryption configuration has {found.KeyCount} keys already: an earlier rotation was not ended; step 5 removes all but the new one");
    }
}
