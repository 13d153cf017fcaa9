using Rotation.Workflows.Contracts;
using Rotation.Workflows.Reports;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <content>What people can say to a rotation: signals, for the Temporal UI, and updates of the same names, which refuse a bad call in words.</content>
public abstract partial class RotationProcedure
{
    /// <summary>Where it is and what it waits for.</summary>
    [WorkflowQuery("status")]
    public RotationStatus GetStatus() => _board.Status;

    /// <summary>Everything it did so far, each record with the hash of the one before.</summary>
    [WorkflowQuery("report")]
    public RotationReport GetReport() => _board.Report;

    /// <summary>Approves a gate.</summary>
    [WorkflowSignal("approve")]
    public async Task ApproveSignalAsync(Approval approval)
    {
        if (await _approvals.CountAsync(approval) is { } refusal)
            _board.Refused("approve", refusal);
    }

    /// <summary>Approves a gate, or says why that cannot be.</summary>
    [WorkflowUpdate("approve")]
    public async Task<RotationStatus> ApproveAsync(Approval approval)
    {
        ThrowIf(await _approvals.CountAsync(approval));
        return _board.Status;
    }

    /// <summary>Refuses a bad approval before it is written to history.</summary>
    [WorkflowUpdateValidator(nameof(ApproveAsync))]
    public void ValidateApprove(Approval approval) => ThrowIf(_controls.RefusalOfApprove(approval, Workflow.UtcNow));

    /// <summary>Rejects a gate.</summary>
    [WorkflowSignal("reject")]
    public Task RejectSignalAsync(Approval approval) => TakeAsync("reject", _controls.RefusalOfReject(approval), () => _controls.Reject(approval));

    /// <summary>Rejects a gate, or says why that cannot be.</summary>
    [WorkflowUpdate("reject")]
    public async Task<RotationStatus> RejectAsync(Approval approval)
    {
        _controls.Reject(approval);
        return _board.Status;
    }

    /// <summary>Refuses a bad rejection.</summary>
    [WorkflowUpdateValidator(nameof(RejectAsync))]
    public void ValidateReject(Approval approval) => ThrowIf(_controls.RefusalOfReject(approval));

    /// <summary>Stops at the next safe point.</summary>
    [WorkflowSignal("pause")]
    public Task PauseSignalAsync(OperatorCall call) => TakeAsync("pause", _controls.RefusalOfPause(call), () => _controls.Pause(call));

    /// <summary>Stops at the next safe point, or says why that cannot be.</summary>
    [WorkflowUpdate("pause")]
    public async Task<RotationStatus> PauseAsync(OperatorCall call)
    {
        _controls.Pause(call);
        return _board.Status;
    }

    /// <summary>Refuses a bad pause.</summary>
    [WorkflowUpdateValidator(nameof(PauseAsync))]
    public void ValidatePause(OperatorCall call) => ThrowIf(_controls.RefusalOfPause(call));

    /// <summary>Goes on after a pause or a failure.</summary>
    [WorkflowSignal("resume")]
    public Task ResumeSignalAsync(OperatorCall call) => TakeAsync("resume", _controls.RefusalOfResume(call), () => _controls.Resume(call));

    /// <summary>Goes on after a pause or a failure, or says why that cannot be.</summary>
    [WorkflowUpdate("resume")]
    public async Task<RotationStatus> ResumeAsync(OperatorCall call)
    {
        _controls.Resume(call);
        return _board.Status;
    }

    /// <summary>Refuses a bad resume.</summary>
    [WorkflowUpdateValidator(nameof(ResumeAsync))]
    public void ValidateResume(OperatorCall call) => ThrowIf(_controls.RefusalOfResume(call));

    /// <summary>Goes back, to the start or to the step named.</summary>
    [WorkflowSignal("rollback")]
    public Task RollbackSignalAsync(OperatorCall call) => TakeAsync("rollback", _controls.RefusalOfRollback(call), () => _controls.Rollback(call));

    /// <summary>Goes back, to the start or to the step named, or says why that cannot be.</summary>
    [WorkflowUpdate("rollback")]
    public async Task<RotationStatus> RollbackAsync(OperatorCall call)
    {
        _controls.Rollback(call);
        return _board.Status;
    }

    /// <summary>Refuses a bad rollback.</summary>
    [WorkflowUpdateValidator(nameof(RollbackAsync))]
    public void ValidateRollback(OperatorCall call) => ThrowIf(_controls.RefusalOfRollback(call));

    /// <summary>Gives the gate more time.</summary>
    [WorkflowSignal("extendGate")]
    public Task ExtendGateSignalAsync(OperatorCall call) => TakeAsync("extendGate", _controls.RefusalOfExtend(call), () => _controls.Extend(call, Workflow.UtcNow));

    /// <summary>Gives the gate more time, or says why that cannot be.</summary>
    [WorkflowUpdate("extendGate")]
    public async Task<RotationStatus> ExtendGateAsync(OperatorCall call)
    {
        _controls.Extend(call, Workflow.UtcNow);
        return _board.Status;
    }

    /// <summary>Refuses a bad extension.</summary>
    [WorkflowUpdateValidator(nameof(ExtendGateAsync))]
    public void ValidateExtendGate(OperatorCall call) => ThrowIf(_controls.RefusalOfExtend(call));

    // A signal has no answer: what is wrong with it is shown in the status.
    private Task TakeAsync(string call, string? refusal, Action act)
    {
        if (refusal is null)
            act();
        else
            _board.Refused(call, refusal);
        return Task.CompletedTask;
    }

    private static void ThrowIf(string? refusal)
    {
        if (refusal is not null)
            throw RotationErrors.Permanent(RotationErrors.IllegalTransition, refusal);
    }
}
