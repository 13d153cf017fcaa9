using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Gates;
using Rotation.Workflows.Reports;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Counts approvals: first what the gate itself can say, then the worker's verdict on the signature, then the gate again, because time has passed.</summary>
internal sealed class Approvals(ProcedureRun run)
{
    private readonly List<string> _usedTokens = [];

    /// <summary>Counts one. Returns why it does not count, in words; null when it does.</summary>
    public async Task<string?> CountAsync(Approval approval)
    {
        if (run.Controls.RefusalOfApprove(approval, Workflow.UtcNow) is { } refusal)
            return refusal;
        Gate gate = run.Controls.Gate!;
        try
        {
            ApprovalVerdict verdict = await VerifyAsync(approval, gate);
            if (!verdict.Accepted)
                return verdict.Refusal;
            Approval proved = approval with { Approver = verdict.Approver };
            if (run.Controls.Gate != gate)
                return $"gate: {gate.Name} is decided already";
            if (gate.RefusalOf(proved, Workflow.UtcNow) is { } late)
                return late;
            if (verdict.TokenId.Length > 0 && _usedTokens.Contains(verdict.TokenId))
                return "token: it was counted already";
            _usedTokens.Add(verdict.TokenId);
            gate.Approve(proved);
            run.Board.Record(ReportKind.Approved, proved.Comment, proved.Approver, gate.Name, ("planHash", run.PlanHash), ("method", verdict.Method), ("keyId", verdict.KeyId), ("tokenId", verdict.TokenId));
            run.Board.SetGate(gate, run.Board.Status.SendNext);
            return null;
        }
        catch (FailureException e)
        {
            return $"the approval could not be checked: {Failures.Describe(e)}";
        }
    }

    private Task<ApprovalVerdict> VerifyAsync(Approval approval, Gate gate)
    {
        var input = new VerifyApprovalInput
        {
            WorkflowId = Workflow.Info.WorkflowId,
            Gate = gate.Name,
            PlanHash = run.PlanHash,
            GateReachedAt = gate.ReachedAt,
            Approver = approval.Approver,
            Token = approval.Token,
            UsedTokenIds = [.. _usedTokens.Where(t => t.Length > 0)],
        };
        return Workflow.ExecuteActivityAsync((IApprovalActivities a) => a.VerifyApprovalAsync(input), ActivityProfiles.Call($"checks the approval of {gate.Name} by {approval.Approver}"));
    }
}
