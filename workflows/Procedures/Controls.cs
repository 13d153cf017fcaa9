using Rotation.Workflows.Contracts;
using Rotation.Workflows.Gates;
using Rotation.Workflows.Machine;
using Rotation.Workflows.Reports;

namespace Rotation.Workflows.Procedures;

/// <summary>What people asked of a rotation, and which calls fit the state it is in. Every refusal is in words and changes nothing.</summary>
internal sealed class Controls(StatusBoard board)
{
    /// <summary>The gate that is waited at, or null.</summary>
    public Gate? Gate { get; set; }

    /// <summary>True while it must not go on: paused, or holding after a failure.</summary>
    public bool Standing { get; private set; }

    /// <summary>True on the way back.</summary>
    public bool GoingBack { get; set; }

    /// <summary>True once something of the cluster may have been changed.</summary>
    public bool Changed { get; set; }

    /// <summary>Why going back needs force from here on, in words; null while it does not.</summary>
    public string? ForceBecause { get; set; }

    /// <summary>The call that asked for the way back, until it begins.</summary>
    public OperatorCall? RollbackCall { get; private set; }

    /// <summary>True when the last resume accepted what was found as it is.</summary>
    public bool Accepted { get; set; }

    public string? RefusalOfApprove(Approval approval, DateTimeOffset now) => Gate is null ? NoGate(approval) : Gate.RefusalOf(approval, now);

    public string? RefusalOfReject(Approval approval) => Gate is null ? NoGate(approval) : Gate.RefusalOfCall(approval);

    public string? RefusalOfPause(OperatorCall call) => RefusalOfAny(call) ?? Illegal(RotationEvent.Pause, Standing ? "it stands already" : null);

    public string? RefusalOfResume(OperatorCall call) => RefusalOfAny(call) ?? (Standing ? null : Illegal(ResumeEvent, "it is not paused"));

    public string? RefusalOfExtend(OperatorCall call) => RefusalOfAny(call)
        ?? (Gate is null ? "the rotation does not wait at a gate" : null)
        ?? (call.By.Value <= TimeSpan.Zero ? "by: must be longer than nothing" : null);

    public string? RefusalOfRollback(OperatorCall call) => RefusalOfAny(call)
        ?? (GoingBack ? "the rotation is on its way back already; resume it when it stands" : null)
        ?? (RollbackCall is not null ? "the way back is asked for already" : null)
        ?? Illegal(RotationEvent.Rollback, null)
        ?? (!Changed ? "nothing was changed yet; reject the gate, or cancel the workflow" : null)
        ?? (call.ToStep.Length > 0 && board.IndexOf(call.ToStep) < 0 ? $"toStep: there is no step '{call.ToStep}'; steps are {string.Join(", ", board.Status.Steps.Select(s => s.Name))}" : null)
        ?? (call.ToStep.Length > 0 && board.IndexOf(call.ToStep) > board.IndexOf(board.Status.Step) ? $"toStep: the rotation has not reached {call.ToStep}" : null)
        ?? (ForceBecause is not null && !call.Force ? $"force: {ForceBecause}; send \"force\": true to go back nevertheless" : null);

    public void Pause(OperatorCall call)
    {
        Record("pause", call);
        Stand(RotationEvent.Pause);
        board.Say($"Paused by {call.Operator}{Because(call)}; what is at work ends at its next safe point.");
    }

    public void Resume(OperatorCall call)
    {
        Record("resume", call);
        Standing = false;
        Accepted = call.Force;
        board.Apply(ResumeEvent);
        board.Say($"Resumed by {call.Operator}{Because(call)}.");
    }

    public void Rollback(OperatorCall call)
    {
        Record("rollback", call);
        RollbackCall = call;
        board.Say($"{call.Operator} asked for the way back{Because(call)}; it begins at the next safe point.");
    }

    /// <summary>Gives the gate more time.</summary>
    public void Extend(OperatorCall call, DateTimeOffset now)
    {
        Gate!.Extend(call.By.Value, now);
        board.Record(ReportKind.Called, $"extendGate by {call.By}{Because(call)}", call.Operator, Gate.Name, ("until", $"{Gate.Deadline:yyyy-MM-dd HH:mm:ss}Z"));
    }

    /// <summary>Rejects the gate.</summary>
    public void Reject(Approval approval)
    {
        Gate!.Reject(approval);
        board.Record(ReportKind.Rejected, approval.Comment, approval.Approver, Gate.Name);
    }

    /// <summary>Stops until a person resumes it or asks for the way back.</summary>
    public void Stand(RotationEvent why)
    {
        if (board.State != RotationState.Paused)
            board.Apply(why);
        Standing = true;
    }

    /// <summary>Begins the way back: says to which step, and forgets the call.</summary>
    public string TakeRollback()
    {
        string toStep = RollbackCall?.ToStep ?? "";
        RollbackCall = null;
        Standing = false;
        GoingBack = true;
        return toStep;
    }

    private void Record(string name, OperatorCall call) =>
        board.Record(ReportKind.Called, $"{name}{(call.ToStep.Length > 0 ? $" to {call.ToStep}" : "")}{(call.Force ? " by force" : "")}{Because(call)}", call.Operator);

    private RotationEvent ResumeEvent => GoingBack ? RotationEvent.ResumeRollback : RotationEvent.Resume;

    private string? Illegal(RotationEvent asked, string? because) => because is null && RotationTransitions.Allows(board.State, asked)
        ? null
        : $"not possible while the rotation is {board.State}{(because is null ? "" : $": {because}")}";

    private string NoGate(Approval approval) => approval.Problems.Count > 0 ? string.Join("; ", approval.Problems) : $"gate: the rotation does not wait at a gate; it is {board.State}";

    private static string? RefusalOfAny(OperatorCall call) => call.Problems.Count > 0 ? string.Join("; ", call.Problems) : call.Operator.Trim().Length == 0 ? "operator: is required" : null;

    private static string Because(OperatorCall call) => call.Reason.Length > 0 ? $": {call.Reason}" : "";
}
