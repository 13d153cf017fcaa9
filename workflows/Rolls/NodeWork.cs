using Rotation.Workflows.Contracts;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>One node of a running roll: its place in the schedule and the action it is in.</summary>
internal sealed class NodeWork(NodeProgress from)
{
    public Activities.InstanceState Instance { get; } = from.Instance;

    public NodeEntry Entry { get; } = new(from.Instance.Id, from.Instance.Zone, from.Detached || from.Instance.Detached) { Stage = from.Stage };

    public string Id => Instance.Id;

    public NodeStep Step { get; private set; } = from.Step;

    /// <summary>Instances taken out of the group when it was, itself included; 0 while it is in.</summary>
    public int Ticket { get; set; } = from.Ticket;

    public DateTimeOffset Since { get; private set; } = from.Since;

    public int Attempts { get; set; } = from.Attempts;

    public string? Reason { get; private set; } = from.Reason;

    public string? ErrorType { get; private set; } = from.ErrorType;

    public List<string> ForcedBy { get; } = [.. from.ForcedBy];

    /// <summary>True when two people asked to drain it by force.</summary>
    public bool IsForced => ForcedBy.Count > 1;

    /// <summary>True while something is done with it in this run.</summary>
    public bool IsRunning { get; set; }

    public bool IsStuck => Entry.Stage is NodeStage.Parked or NodeStage.Failed && !IsRunning;

    /// <summary>The stage in which what it is in is done.</summary>
    public NodeStage StageOfStep => Step switch
    {
        NodeStep.Detach or NodeStep.AwaitAhead => NodeStage.Ahead,
        NodeStep.AwaitAfter => NodeStage.Away,
        _ => Entry.Detached ? NodeStage.Leaving : NodeStage.Away,
    };

    public void Enter(NodeStep step) => (Step, Since) = (step, Workflow.UtcNow);

    public void Blame(string? type, string? reason) => (ErrorType, Reason, Since) = (type, reason, Workflow.UtcNow);

    public NodeProgress ToProgress() => new()
    {
        Instance = Instance,
        Stage = Entry.Stage,
        Step = Step,
        Detached = Entry.Detached,
        Ticket = Ticket,
        Since = Since,
        Attempts = Attempts,
        Reason = Reason,
        ErrorType = ErrorType,
        ForcedBy = [.. ForcedBy],
    };

    public NodeStatus ToStatus() => new(Instance.NodeName ?? Id, Id, Words(), Since, Attempts, Reason);

    private string Words() => (Entry.Stage, Step) switch
    {
        (NodeStage.Parked, _) => "parked",
        (NodeStage.Failed, _) => "failed",
        (NodeStage.Replaced, _) => "waits for its drain",
        (_, NodeStep.Detach) => "is detached",
        (_, NodeStep.AwaitAhead or NodeStep.AwaitAfter) => "waits for its replacement",
        (_, NodeStep.Drain) => IsForced ? "is drained by force" : "is drained",
        (_, NodeStep.Terminate) => "is terminated",
        _ => "waits",
    };
}
