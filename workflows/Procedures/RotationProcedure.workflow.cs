using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Rotation.Workflows.Machine;
using Rotation.Workflows.Reports;
using Rotation.Workflows.Requests;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>
/// What every rotation of credentials does: takes the lock, makes the plan, takes the steps and, when that is asked for, takes them back. Ends with a result whose
/// state is <c>completed</c> or <c>rolledBack</c>, or fails having changed nothing. A cancel request never leaves it half done: before the first change it ends,
/// afterwards it holds, or goes back where the request says <c>"onFailure": "rollback"</c>.
/// </summary>
public abstract partial class RotationProcedure
{
    private readonly StatusBoard _board;
    private readonly Controls _controls;
    private readonly ProcedureRun _run;
    private readonly Approvals _approvals;

    private protected RotationProcedure(ProcedureRun run)
    {
        _board = run.Board;
        _controls = run.Controls;
        _run = run;
        _approvals = new(run);
        _board.NextCalls = () => CallTexts.Next(_controls, _board.Status);
    }

    private protected async Task<RotationResult> FollowAsync(Procedure procedure)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        var lease = new ClusterLease(_run.Cluster.Name, _run.Cluster.StateStore, procedure.Reason);
        try
        {
            _board.Record(ReportKind.Started, $"{_run.Cluster.Name} {procedure.Reason}", _run.Request.RequestedBy, facts: [("request", _run.RequestJson)]);
            RequestRules.ThrowIfAny(procedure.Problems);
            await _run.Window.LookAsync(mustKnow: true);
            await lease.TakeAsync(_run.Request.WhenLocked, WaitForLockAsync);
            await procedure.PrepareAsync();
            await TakeStepsAsync(procedure);
            await ForgetAsync();
        }
        catch (ApplicationFailureException e) when (!_controls.Changed)
        {
            _board.Failed(e.Message);
            _board.Apply(RotationEvent.Refuse);
            _run.Notifier.Tell(NotificationKind.Failed, _board.Status.Step, e.Message);
            await _run.Notifier.AllToldAsync();
            throw;
        }
        finally
        {
            await lease.GiveBackAsync();
        }

        _run.Notifier.Tell(_board.State == RotationState.Completed ? NotificationKind.Completed : NotificationKind.RolledBack, "", _board.Status.Doing);
        await _run.Notifier.AllToldAsync();
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
        return _board.ToResult(Workflow.Info.WorkflowStartTime);
    }

    private async Task WaitForLockAsync(string why, Func<bool> done)
    {
        _board.Say(why);
        while (!done())
        {
            await Workflow.WaitConditionAsync(() => done() || _run.MustStop, CancellationToken.None);
            await _run.CheckpointAsync();
        }
    }

    private async Task TakeStepsAsync(Procedure procedure)
    {
        var gates = new Gatekeeper(_run);
        IReadOnlyList<IRotationStep> steps = procedure.Steps();
        var forward = new WayForward(_run, steps, gates, procedure.Check);
        var back = new WayBack(_run, steps, gates, procedure.Check);
        int next = 0;
        while (!await forward.RunAsync(next))
        {
            next = await back.RunAsync();
            if (next == 0)
            {
                _board.Apply(RotationEvent.BackAtStart);
                _board.Say(procedure.RolledBack);
                return;
            }

            await AgainAsync(procedure, gates, steps[next]);
        }

        _board.Apply(RotationEvent.Complete);
        _board.Say(procedure.Completed);
    }

    // It has ended: no way back needs the credentials any more that were kept for one.
    private async Task ForgetAsync()
    {
        try
        {
            await Workflow.ExecuteActivityAsync((IKubeconfigActivities a) => a.ForgetKeptAsync(_run.Cluster), ActivityProfiles.Deliver("forgets what was kept for the way back"));
        }
        catch (FailureException e)
        {
            _board.Say($"{_board.Status.Doing} What was kept for the way back could not be deleted: {Failures.Describe(e)}. Delete the folder 'kept' in the worker's work directory.");
        }
    }

    // To go forward again is another plan, approved by people even where gates open by themselves. Asked for the way back again, the loop's next turn takes it.
    private async Task AgainAsync(Procedure procedure, Gatekeeper gates, IRotationStep next)
    {
        try
        {
            while (procedure.ReplanAsync is not null && !await TryReplanAsync(procedure.ReplanAsync, next))
                _board.Say("Makes another plan again.");
            if (next.WhyGate is null || _run.Request.Approvals.Auto)
                await gates.PassAsync($"again-{next.Name}", $"Back before {next.Name}. Approve the new plan to go forward again from there, or go back further.", _run.Request.Approvals with { Auto = false, OnTimeout = GateTimeout.Hold });
        }
        catch (GoBackException)
        {
            _board.Say("Goes back further.");
        }
    }

    private async Task<bool> TryReplanAsync(Func<string, Task> replanAsync, IRotationStep next)
    {
        try
        {
            await replanAsync(next.Name);
            return true;
        }
        catch (FailureException e)
        {
            string failure = Failures.Describe(e);
            _board.Failed($"Another plan: {failure}");
            await _run.HoldAsync($"Back before {next.Name}; the plan to go forward again cannot be made: {failure}. Put it right and resume, or go back further.");
            return false;
        }
    }
}
