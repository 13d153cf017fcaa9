using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Gates;

/// <summary>How a gate ended.</summary>
internal enum GateOutcome
{
    /// <summary>Still waits.</summary>
    None,

    /// <summary>Enough people approved, or its time was up and the policy says to advance.</summary>
    Passed,

    /// <summary>A person rejected it.</summary>
    Rejected,

    /// <summary>Its time was up and the policy says to go back.</summary>
    RolledBack,
}

/// <summary>One gate: who may open it, who has, until when. Pure: the time is given.</summary>
/// <param name="name">Name, such as <c>3-promote</c>.</param>
/// <param name="policy">What the request asks for.</param>
/// <param name="requester">Who started the rotation; empty: not known.</param>
/// <param name="planHash">Hash of the plan as it stands.</param>
/// <param name="now">When it was reached.</param>
internal sealed class Gate(string name, ApprovalPolicy policy, string requester, string planHash, DateTimeOffset now)
{
    private readonly List<string> _approvers = [];

    public string Name { get; } = name;

    public DateTimeOffset ReachedAt { get; } = now;

    public DateTimeOffset Deadline { get; private set; } = now + policy.Timeout.Value;

    public GateOutcome Outcome { get; private set; } = policy.Auto ? GateOutcome.Passed : GateOutcome.None;

    /// <summary>Why it was rejected, in the words of the one who did.</summary>
    public string Rejection { get; private set; } = "";

    public IReadOnlyList<string> ApprovedBy => _approvers;

    public int Missing => policy.Quorum - _approvers.Count;

    /// <summary>Why an approval cannot count now, in words; null when it can.</summary>
    public string? RefusalOf(Approval approval, DateTimeOffset at) =>
        RefusalOfCall(approval)
        ?? (Outcome != GateOutcome.None ? $"gate: {Name} is decided already" : null)
        ?? (approval.PlanHash.Length > 0 && approval.PlanHash != planHash ? $"planHash: the approval is for plan {approval.PlanHash}, and the plan is {planHash} now; read the plan again" : null)
        ?? (policy.ExcludeRequester && Same(approval.Approver, requester) ? $"approver: {approval.Approver} started this rotation and cannot approve it; somebody else must" : null)
        ?? (_approvers.Any(a => Same(a, approval.Approver)) ? $"approver: {approval.Approver} has approved already; {Missing} more must be other people" : null)
        ?? (at >= Deadline ? $"gate: the time of gate {Name} was up at {Deadline:yyyy-MM-dd HH:mm:ss}Z; extend it with extendGate first" : null);

    /// <summary>Why a rejection cannot count, in words; null when it can. It needs no time left and may come from anybody.</summary>
    public string? RefusalOfCall(Approval approval) =>
        approval.Problems.Count > 0 ? string.Join("; ", approval.Problems)
        : approval.Gate.Length == 0 ? $"gate: is required; the rotation waits at \"{Name}\""
        : approval.Gate != Name ? $"gate: the rotation waits at \"{Name}\", not at \"{approval.Gate}\""
        : approval.Approver.Trim().Length == 0 ? "approver: is required"
        : null;

    /// <summary>Counts an approval that <see cref="RefusalOf"/> let through.</summary>
    public void Approve(Approval approval)
    {
        _approvers.Add(approval.Approver.Trim());
        if (Missing <= 0 && Outcome == GateOutcome.None)
            Outcome = GateOutcome.Passed;
    }

    /// <summary>Ends the gate.</summary>
    public void Reject(Approval approval)
    {
        Rejection = approval.Comment.Length > 0 ? $"{approval.Approver}: {approval.Comment}" : approval.Approver;
        Outcome = GateOutcome.Rejected;
    }

    /// <summary>Gives it more time, counted from its deadline or, when that is over, from now.</summary>
    public void Extend(TimeSpan by, DateTimeOffset at) => Deadline = (at > Deadline ? at : Deadline) + by;

    /// <summary>Its time is up: what the policy says happens.</summary>
    public void TimeIsUp() => Outcome = policy.OnTimeout switch
    {
        GateTimeout.Advance => GateOutcome.Passed,
        GateTimeout.Rollback => GateOutcome.RolledBack,
        _ => GateOutcome.None,
    };

    private static bool Same(string one, string other) => other.Length > 0 && string.Equals(one.Trim(), other.Trim(), StringComparison.OrdinalIgnoreCase);
}
