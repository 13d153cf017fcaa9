using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Rotation.Workflows.Machine;
using Rotation.Workflows.Requests;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Rotates keysets through the six documented steps, together, with three rolling updates in all. Ends with a result whose state is <c>completed</c> or
/// <c>rolledBack</c>, or fails having changed nothing. A cancel request never leaves it half done: before the first change it ends, afterwards it holds, or goes
/// back where the request says <c>"onFailure": "rollback"</c>. See <see href="https://kops.sigs.k8s.io/operations/rotate-secrets/">kOps: rotating secrets</see>.
/// </summary>
[Workflow]
public sealed partial class RotateKeypairs
{
    private readonly StatusBoard _board;
    private readonly Controls _controls;
    private readonly RotationRun _run;
    private readonly Approvals _approvals;

    /// <summary>Prepares what signals, updates and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public RotateKeypairs(RotateKeypairsRequest request)
    {
        _board = new(request.Cluster, nameof(RotateKeypairs));
        _controls = new(_board);
        _run = new(request, _board, _controls);
        _approvals = new(_run);
        _board.NextCalls = () => CallTexts.Next(_controls, _board.Status);
    }

    /// <summary>Plans, takes the steps, and takes them back when that is asked for.</summary>
    [WorkflowRun]
    public async Task<RotationResult> RunAsync(RotateKeypairsRequest request)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        var lease = new ClusterLease(request.Cluster, "rotates keypairs");
        try
        {
            RequestRules.ThrowIfAny(RequestRules.ProblemsOf(request));
            await lease.TakeAsync(request.WhenLocked, WaitForLockAsync);
            await Preparation.PrepareAsync(_run);
            await TakeStepsAsync();
        }
        catch (ApplicationFailureException e) when (!_controls.Changed)
        {
            _board.Failed(e.Message);
            _board.Apply(RotationEvent.Refuse);
            throw;
        }
        finally
        {
            await lease.GiveBackAsync();
        }

        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
        return _board.ToResult(Workflow.Info.WorkflowStartTime);
    }

    private async Task WaitForLockAsync(TimeSpan length)
    {
        _board.Say($"Waits for the lock of {_run.Cluster.Name}: the workflow {ClusterLock.IdOf(_run.Cluster.Name)} shows who holds it.");
        await _run.PauseForAsync(length, "waits for the cluster's lock");
        await _run.CheckpointAsync();
    }

    private async Task TakeStepsAsync()
    {
        var verification = new Verification(_run);
        var gates = new Gatekeeper(_run);
        IReadOnlyList<IRotationStep> steps = Steps(verification);
        var forward = new WayForward(_run, steps, gates, verification);
        var back = new WayBack(_run, steps, gates, verification);
        int next = 0;
        while (!await forward.RunAsync(next))
        {
            next = await back.RunAsync();
            if (next == 0)
            {
                _board.Apply(RotationEvent.BackAtStart);
                _board.Say("Back at the start: every keyset signs and trusts as before, on every server.");
                return;
            }

            await HoldAfterPartAsync(steps[next]);
        }

        _board.Apply(RotationEvent.Complete);
        _board.Say("Every keyset signs with its new keypair; the old ones are trusted no more.");
    }

    // Asked for the way back again, the loop's next turn takes it.
    private async Task HoldAfterPartAsync(IRotationStep next)
    {
        try
        {
            await _run.HoldAsync($"Back before {next.Name}. Resume to go forward again from there, or go back further.");
        }
        catch (GoBackException)
        {
            _board.Say("Goes back further.");
        }
    }

    private IReadOnlyList<IRotationStep> Steps(Verification verification)
    {
        var commands = new KeypairCommands(_run);
        var rollout = new Rollout(_run, verification);
        var deliveries = new KubeconfigDeliveries(_run);
        return
        [
            new StageStep(_run, commands, rollout),
            new ExportStep(StepNames.ExportBothCas, KubeconfigKind.Ca, _run, deliveries),
            new PromoteStep(_run, commands, rollout),
            new ExportStep(StepNames.ExportAdmin, KubeconfigKind.Admin, _run, deliveries),
            new DistrustStep(_run, commands, rollout, deliveries),
            new ExportStep(StepNames.ExportNewCa, KubeconfigKind.Ca, _run, deliveries),
        ];
    }
}
