using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Rolls;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <content>What people and the roll of the cluster can say to the roll of an instance group.</content>
public sealed partial class RollInstanceGroup
{
    private readonly List<string> _usedTokens = [];

    /// <summary>Begins no further node until resumed.</summary>
    [WorkflowSignal("pause")]
    public async Task PauseAsync() => Change(() => _paused = true);

    /// <summary>Goes on; after a hold, tries everything again.</summary>
    [WorkflowSignal("resume")]
    public async Task ResumeAsync() => Change(() =>
    {
        _paused = false;
        if (_held is not null)
            GoOn(_state.Stuck, Again);
    });

    /// <summary>Ends at the next node's boundary.</summary>
    [WorkflowSignal("stop")]
    public async Task StopAsync() => Change(() => _stopped = true);

    /// <summary>Changes how many nodes may be begun at once. What was said before the group's last message counts no more.</summary>
    [WorkflowSignal("setBudget")]
    public async Task SetBudgetAsync(GroupGrant grant) => Change(() => _messenger.Take(grant, _state));

    /// <summary>Tries parked and failed nodes again.</summary>
    [WorkflowSignal("retry")]
    public async Task RetrySignalAsync(RollCall call) => Take(call, c => GoOn(Meant(c), Again));

    /// <summary>Tries parked and failed nodes again, or says why that cannot be.</summary>
    [WorkflowUpdate("retry")]
    public async Task<RollStatus> RetryAsync(RollCall call) => Change(() => GoOn(Meant(call), Again));

    /// <summary>Refuses a bad call.</summary>
    [WorkflowUpdateValidator(nameof(RetryAsync))]
    public void ValidateRetry(RollCall call) => ThrowIf(RollCalls.RefusalOf(_state, call));

    /// <summary>Leaves parked and failed nodes as they are.</summary>
    [WorkflowSignal("skip")]
    public async Task SkipSignalAsync(RollCall call) => Take(call, c => GoOn(Meant(c), Skip));

    /// <summary>Leaves parked and failed nodes as they are, or says why that cannot be.</summary>
    [WorkflowUpdate("skip")]
    public async Task<RollStatus> SkipAsync(RollCall call) => Change(() => GoOn(Meant(call), Skip));

    /// <summary>Refuses a bad call.</summary>
    [WorkflowUpdateValidator(nameof(SkipAsync))]
    public void ValidateSkip(RollCall call) => ThrowIf(RollCalls.RefusalOf(_state, call));

    /// <summary>Drains nodes by force once two people have asked for it.</summary>
    [WorkflowSignal("force")]
    public async Task ForceSignalAsync(RollCall call)
    {
        // A signal cannot be answered; what does not fit changes nothing.
        if (RollCalls.RefusalOfForce(_state, call) is null)
            await ForceVerifiedAsync(call);
    }

    /// <summary>Drains nodes by force once two people have asked for it, or says why that cannot be.</summary>
    [WorkflowUpdate("force")]
    public async Task<RollStatus> ForceAsync(RollCall call)
    {
        ThrowIf(await ForceVerifiedAsync(call));
        return GetStatus();
    }

    /// <summary>Refuses a bad call.</summary>
    [WorkflowUpdateValidator(nameof(ForceAsync))]
    public void ValidateForce(RollCall call) => ThrowIf(RollCalls.RefusalOfForce(_state, call));

    /// <summary>How far it is, and where each node is that is begun.</summary>
    [WorkflowQuery("status")]
    public RollStatus GetStatus() => RollText.StatusOf(_state, _held, _paused || _window.IsClosed);

    private async Task<string?> ForceVerifiedAsync(RollCall call)
    {
        var input = new VerifyApprovalInput
        {
            WorkflowId = Workflow.Info.WorkflowId,
            Gate = "force",
            PlanHash = string.Join(',', call.Instances),
            GateReachedAt = Meant(call).Min(n => n.Since),
            Approver = call.Operator,
            Token = call.Token,
            UsedTokenIds = [.. _usedTokens],
        };
        ApprovalVerdict verdict = await Workflow.ExecuteActivityAsync((IApprovalActivities a) => a.VerifyApprovalAsync(input), ActivityProfiles.Read("checks who asks for force"));
        if (!verdict.Accepted)
            return verdict.Refusal;
        if (verdict.TokenId.Length > 0)
            _usedTokens.Add(verdict.TokenId);
        Change(() =>
        {
            foreach (NodeWork node in Meant(call).Where(n => !n.ForcedBy.Contains(verdict.Approver, StringComparer.OrdinalIgnoreCase)))
                node.ForcedBy.Add(verdict.Approver);
            NodeWork[] forced = [.. Meant(call).Where(n => n.IsForced)];
            if (forced.Length > 0)
                GoOn(forced, Again);
        });
        return null;
    }

    private NodeWork[] Meant(RollCall call) => [.. _state.Stuck.Where(n => call.Instances.Count == 0 || call.Instances.Contains(n.Id))];

    private void Skip(NodeWork node) => _state.Report(node, NodeStage.Skipped);

    private void GoOn(IEnumerable<NodeWork> nodes, Action<NodeWork> act)
    {
        bool wasHeld = _held is not null;
        _held = null;
        foreach (NodeWork node in nodes.ToArray())
            act(node);
        _state.Forgive();
        if (wasHeld)
            _messenger.Claim();
    }

    private void Take(RollCall call, Action<RollCall> act)
    {
        if (RollCalls.RefusalOf(_state, call) is null)
            Change(() => act(call));
    }

    private RollStatus Change(Action act)
    {
        act();
        _changes++;
        return GetStatus();
    }

    private static void ThrowIf(string? refusal)
    {
        if (refusal is not null)
            throw new ApplicationFailureException(refusal, RotationErrors.IllegalTransition, nonRetryable: true);
    }
}
