using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Rotates keysets through the six documented steps, together, with three rolling updates in all.
/// See <see href="https://kops.sigs.k8s.io/operations/rotate-secrets/">kOps: rotating secrets</see>.
/// </summary>
[Workflow]
public sealed class RotateKeypairs : RotationProcedure
{
    private readonly RotationRun _run;

    /// <summary>Prepares what signals, updates and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public RotateKeypairs(RotateKeypairsRequest request)
        : this(new RotationRun(request))
    {
    }

    private RotateKeypairs(RotationRun run)
        : base(run) => _run = run;

    /// <summary>Plans, takes the steps, and takes them back when that is asked for.</summary>
    [WorkflowRun]
    public Task<RotationResult> RunAsync(RotateKeypairsRequest request)
    {
        var verification = new Verification(_run);
        return FollowAsync(new()
        {
            Reason = "rotates keypairs",
            Problems = RequestRules.ProblemsOf(request),
            PrepareAsync = () => Preparation.PrepareAsync(_run),
            ReplanAsync = next => Preparation.ReplanAsync(_run, next),
            Steps = () => Steps(verification),
            Check = verification,
            Completed = "Every keyset signs with its new keypair; the old ones are trusted no more.",
            RolledBack = "Back at the start: every keyset signs and trusts as before, on every server.",
        });
    }

    /// <summary>Everything it will do. Empty until the plan is made.</summary>
    [WorkflowQuery("plan")]
    public RotationPlan GetPlan() => _run.Plan;

    private IReadOnlyList<IRotationStep> Steps(Verification verification)
    {
        var commands = new KeypairCommands(_run);
        var rollout = new Rollout(_run, new(_run), (found, needUpdate) => UpdateForecast.Difference(_run.Ledgers.Select(l => l.Name), found, needUpdate), verification.VerifyAsync);
        var deliveries = new KubeconfigDeliveries(_run, _run.Request.AdminTtl, _run.Request.Sinks, () => _run.ClusterCa?.TrustedFingerprints ?? []);
        var holds = new HoldTimes(_run, new(_run));
        return
        [
            new StageStep(_run, commands, rollout, holds),
            new ExportStep(StepNames.ExportBothCas, KubeconfigKind.Ca, _run, deliveries),
            new PromoteStep(_run, commands, rollout, holds),
            new ExportStep(StepNames.ExportAdmin, KubeconfigKind.Admin, _run, deliveries),
            new DistrustStep(_run, commands, rollout, deliveries, holds),
            new ExportStep(StepNames.ExportNewCa, KubeconfigKind.Ca, _run, deliveries),
        ];
    }
}
