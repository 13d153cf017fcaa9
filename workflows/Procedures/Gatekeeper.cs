using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Gates;
using Rotation.Workflows.Machine;
using Rotation.Workflows.Reports;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Waits at gates.</summary>
internal sealed class Gatekeeper(ProcedureRun run)
{
    /// <summary>Returns when the gate is open. Leaves for the way back, or fails with <c>Rejected</c> where nothing was changed yet.</summary>
    /// <param name="name">Name of the gate.</param>
    /// <param name="why">What people must know to open it.</param>
    /// <param name="policy">Who must open it and until when; null: as the request says.</param>
    public async Task PassAsync(string name, string why, ApprovalPolicy? policy = null)
    {
        while (true)
        {
            await run.CheckpointAsync();
            var gate = new Gate(name, policy ?? run.Request.Approvals, run.Request.RequestedBy, run.PlanHash, Workflow.UtcNow);
            if (gate.Outcome != GateOutcome.Passed)
                await WaitAtAsync(gate, why);
            if (gate.Outcome == GateOutcome.Passed)
            {
                run.Board.Record(ReportKind.GateLeft, gate.ApprovedBy.Count > 0 ? $"opened by {string.Join(", ", gate.ApprovedBy)}" : "opened by itself", step: name);
                return;
            }

            await EndAsync(gate);
        }
    }

    private async Task WaitAtAsync(Gate gate, string why)
    {
        run.Controls.Gate = gate;
        Announce(gate, why);
        try
        {
            while (gate.Outcome == GateOutcome.None)
            {
                await run.CheckpointAsync();
                if (run.Board.State != RotationState.AwaitingApproval)
                    run.Board.Apply(RotationEvent.GateReached);
                Show(gate, Workflow.UtcNow < gate.Deadline ? why : $"{why} Nobody opened the gate in time: extend it, then approve.");
                await WaitForChangeAsync(gate);
            }

            // Somebody may have paused between the last approval and now.
            await run.CheckpointAsync();
            if (gate.Outcome == GateOutcome.Passed && run.Board.State == RotationState.AwaitingApproval)
            {
                run.Board.Apply(run.Controls.GoingBack ? RotationEvent.RollbackGatePassed : RotationEvent.GatePassed);
                run.Board.Say($"Gate {gate.Name} is open.");
            }
        }
        finally
        {
            run.Controls.Gate = null;
            run.Board.SetGate(null, null);
        }
    }

    private async Task WaitForChangeAsync(Gate gate)
    {
        DateTimeOffset deadline = gate.Deadline;
        int approvers = gate.ApprovedBy.Count;
        bool Changed() => gate.Outcome != GateOutcome.None || gate.Deadline != deadline || gate.ApprovedBy.Count != approvers || run.MustStop;
        TimeSpan left = deadline - Workflow.UtcNow;
        if (left <= TimeSpan.Zero)
            await Workflow.WaitConditionAsync(Changed, CancellationToken.None);
        else if (!await Workflow.WaitConditionWithOptionsAsync(new(Changed, left, $"gate {gate.Name} waits until {deadline:yyyy-MM-dd HH:mm}Z", CancellationToken.None)))
            TimeIsUp(gate);
    }

    private void TimeIsUp(Gate gate)
    {
        gate.TimeIsUp();
        if (gate.Outcome == GateOutcome.None)
            run.Notifier.Tell(NotificationKind.GateOverdue, gate.Name, $"Nobody opened gate {gate.Name} in time. Extend it, then approve.", CallTexts.Approve(gate, run.PlanHash));
    }

    private void Announce(Gate gate, string why)
    {
        IReadOnlyList<string> evidence = run.Board.Status.Evidence;
        run.Board.Record(ReportKind.GateReached, why, step: gate.Name, facts: [("deadline", $"{gate.Deadline:yyyy-MM-dd HH:mm:ss}Z"), ("approvers", $"{gate.Missing}"), ("planHash", run.PlanHash), ("evidence", string.Join("; ", evidence))]);
        run.Notifier.Tell(NotificationKind.GateReached, gate.Name, $"Waits at gate {gate.Name}. {why}{string.Concat(evidence.Select(e => $"\n- {e}"))}", CallTexts.Approve(gate, run.PlanHash));
    }

    private void Show(Gate gate, string why)
    {
        run.Board.SetGate(gate, CallTexts.Approve(gate, run.PlanHash));
        run.Board.Say($"Waits at gate {gate.Name} for {gate.Missing} more {(gate.Missing == 1 ? "approval" : "approvals")}. {why}");
    }

    private async Task EndAsync(Gate gate)
    {
        string reason = gate.Outcome == GateOutcome.Rejected ? $"Gate {gate.Name} was rejected by {gate.Rejection}." : $"Nobody opened gate {gate.Name} in time.";
        run.Board.Failed(reason);
        if (!run.Controls.Changed)
            throw RotationErrors.Permanent(RotationErrors.Rejected, $"{reason} Nothing was changed.");
        bool back = gate.Outcome == GateOutcome.RolledBack || run.Request.OnFailure == FailureReaction.Rollback;
        if (back && !run.Controls.GoingBack)
            run.Controls.Rollback(new() { Operator = $"gate {gate.Name}", Force = true });
        else
            await run.HoldAsync($"{reason} Resume to wait at it again, or go back.");
    }
}
