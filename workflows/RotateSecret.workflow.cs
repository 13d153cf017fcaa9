using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Secrets;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Rotates one symmetric secret. The encryption configuration in five moves, during which every API server reads every Secret, ending with a proof that none is left under the old key; see
/// <see href="https://kubernetes.io/docs/tasks/administer-cluster/encrypt-data/#rotating-a-decryption-key">Kubernetes: rotating a decryption key</see>.
/// </summary>
[Workflow]
public sealed class RotateSecret : RotationProcedure
{
    private readonly SecretRun _run;

    /// <summary>Prepares what signals, updates and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public RotateSecret(RotateSecretRequest request)
        : this(new SecretRun(request))
    {
    }

    private RotateSecret(SecretRun run)
        : base(run) => _run = run;

    /// <summary>Plans, takes the steps, and takes them back when that is asked for.</summary>
    [WorkflowRun]
    public Task<RotationResult> RunAsync(RotateSecretRequest request)
    {
        var commands = new SecretCommands(_run);
        var check = new SecretCheck(_run, commands);
        return FollowAsync(new()
        {
            Reason = "rotates a secret",
            Problems = RequestRules.ProblemsOf(request),
            PrepareAsync = () => SecretPlans.PrepareAsync(_run, commands),
            Steps = () => Steps(commands, check),
            Check = check,
            Completed = "The new secret is everywhere; the old one is used no more.",
            RolledBack = "Back at the start: the secret is what it was, byte for byte, everywhere.",
        });
    }

    /// <summary>Everything it will do. Empty until the plan is made.</summary>
    [WorkflowQuery("plan")]
    public SecretPlan GetPlan() => _run.Plan;

    private IReadOnlyList<IRotationStep> Steps(SecretCommands commands, SecretCheck check)
    {
        bool encryption = _run.Secret == SecretName.EncryptionConfig;
        IReadOnlyList<InstanceGroupRole> seen = encryption ? SecretCheck.Servers : [];
        var rollout = new Rollout(_run, new(_run, cloudOnly: _run.Secret == SecretName.WeavePassword), (found, needUpdate) => UpdateForecast.Difference(seen, found, needUpdate), check.VerifyAsync);
        if (!encryption)
            return [new ReplaceStep(_run, commands, rollout, check)];
        var stored = new StoredSecrets(_run);
        return
        [
            new KeyStep(SecretSteps.AddKey, SecretMove.AddKey, _run, commands, rollout, stored),
            new KeyStep(SecretSteps.PromoteKey, SecretMove.PromoteKey, _run, commands, rollout, stored),
            new ActStep(SecretSteps.Rewrite, stored.RewriteAsync),
            new ActStep(SecretSteps.Prove, stored.ProveAsync),
            new KeyStep(SecretSteps.RemoveKey, SecretMove.RemoveOldKeys, _run, commands, rollout, stored),
        ];
    }
}
