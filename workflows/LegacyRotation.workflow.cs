using Rotation.Workflows.Contracts;
using Rotation.Workflows.Legacy;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// The disruptive procedure for clusters from before kOps 1.22: every credential is deleted and made anew at once, and everybody is cut off meanwhile. Its way back is a copy of
/// the whole <c>pki</c> and <c>secrets</c>. See <see href="https://kops.sigs.k8s.io/operations/rotate-secrets/#legacy-procedure">kOps: legacy procedure</see>.
/// </summary>
[Workflow]
public sealed class LegacyRotation : RotationProcedure
{
    private readonly LegacyRun _run;

    /// <summary>Prepares what signals, updates and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public LegacyRotation(LegacyRotationRequest request)
        : this(new LegacyRun(request))
    {
    }

    private LegacyRotation(LegacyRun run)
        : base(run) => _run = run;

    /// <summary>Plans, takes the steps, and takes them back when that is asked for.</summary>
    [WorkflowRun]
    public Task<RotationResult> RunAsync(LegacyRotationRequest request)
    {
        var check = new LegacyCheck(_run);
        return FollowAsync(new()
        {
            Reason = "replaces every credential",
            Problems = RequestRules.ProblemsOf(request),
            PrepareAsync = () => LegacyPlans.PrepareAsync(_run),
            Steps = () => Steps(check),
            Check = check,
            Completed = "Every credential is new; the old ones are refused.",
            RolledBack = "Back at the start: every credential is what it was, byte for byte, and every node trusts as before.",
        });
    }

    /// <summary>Everything it will do. Empty until the plan is made.</summary>
    [WorkflowQuery("plan")]
    public LegacyPlan GetPlan() => _run.Plan;

    private IReadOnlyList<IRotationStep> Steps(LegacyCheck check)
    {
        // How many instances need the update says nothing here: every one is replaced.
        var rollout = new Rollout(_run, new(_run, cloudOnly: true), difference: null, s => check.VerifyAsync(s, _run.Made));
        var deliveries = new KubeconfigDeliveries(_run, _run.Request.AdminTtl, _run.Request.Sinks, () => LegacyRun.CaOf(_run.Made)?.TrustedFingerprints ?? []);
        var acts = new LegacyActs(_run, check, rollout, deliveries);
        return
        [
            new ActStep(LegacySteps.BackUp, acts.BackUpAsync) { WhyGate = LegacyPlans.WhyGate(_run) },
            new ActStep(LegacySteps.Delete, acts.DeleteAsync, acts.PutBackAsync) { BackGate = () => _run.DeliverBegun ? "Clients that took the new kubeconfig must have the previous one back: after this the new one is refused." : null },
            new ActStep(LegacySteps.Update, acts.UpdateAsync),
            new ActStep(LegacySteps.Etcd, acts.RemoveEtcdCertificatesAsync),
            new ActStep(LegacySteps.Roll, acts.RollAsync),
            new ActStep(LegacySteps.Export, acts.ExportAsync, acts.UnexportAsync),
            new ActStep(LegacySteps.Tokens, acts.RenewTokensAsync),
            new ActStep(LegacySteps.Validate, acts.ValidateAsync),
        ];
    }
}
