using Rotation.Workflows.Contracts;
using Rotation.Workflows.Gates;
using Rotation.Workflows.Machine;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Where a rotation is: the one place that changes its state, and shows it as query answer, search attributes and current details.</summary>
internal sealed class StatusBoard
{
    private readonly string _kind;
    private string _shownState = "";
    private string _shownStep = "";

    public StatusBoard(string cluster, string kind, IReadOnlyList<string> steps)
    {
        _kind = kind;
        Status = new() { Cluster = cluster, Steps = [.. steps.Select(s => new StepStatus { Name = s })] };
    }

    public RotationStatus Status { get; private set; }

    public RotationState State => Status.State;

    /// <summary>The lines that current details end with: what a person can send now. Set by the one who knows.</summary>
    public Func<IReadOnlyList<string>> NextCalls { get; set; } = () => [];

    /// <summary>Moves the state machine. Fails with <c>IllegalTransition</c>.</summary>
    public void Apply(RotationEvent happened)
    {
        Status = Status with { State = RotationTransitions.Next(State, happened) };
        Show();
    }

    public void Say(string doing)
    {
        Status = Status with { Doing = doing };
        Show();
    }

    public void SetPlan(string hash) => Status = Status with { PlanHash = hash };

    public void SetKeysets(IReadOnlyList<KeysetRotation> keysets) => Status = Status with { Keysets = keysets };

    public void SetSecret(SecretRotation secret) => Status = Status with { Secret = secret };

    public void SetGate(Gate? gate, string? sendNext)
    {
        Status = Status with { Gate = gate?.Name, GateSince = gate?.ReachedAt, GateDeadline = gate?.Deadline, ApprovedBy = gate is null ? [] : [.. gate.ApprovedBy], SendNext = sendNext };
        Show();
    }

    public void AddRolled(int nodes) => Status = Status with { NodesRolled = Status.NodesRolled + nodes };

    public void Failed(string failure)
    {
        Status = Status with { LastFailure = failure };
        Show();
    }

    public void Refused(string call, string reason)
    {
        Status = Status with { LastRefusal = $"{call}: {reason}" };
        Show();
    }

    /// <summary>Position of a step, from 0; -1 when there is no such step.</summary>
    public int IndexOf(string step) => Status.Steps.Select(s => s.Name).ToList().IndexOf(step);

    /// <summary>Enters a step, or ends it.</summary>
    public void SetStep(string name, StepState state, string? note = null)
    {
        DateTimeOffset now = Workflow.UtcNow;
        Status = Status with
        {
            Step = name,
            Steps = [.. Status.Steps.Select(s => s.Name != name ? s : s with
            {
                State = state,
                Note = note ?? (state == StepState.Done ? s.Note : null),
                StartedAt = state == StepState.Running && s.State != StepState.Failed ? now : s.StartedAt,
                Seconds = state is StepState.Done or StepState.Failed && s.StartedAt is { } began ? (now - began).TotalSeconds : s.Seconds,
            })],
        };
        Show();
    }

    /// <summary>The result that a rotation ends with.</summary>
    public RotationResult ToResult(DateTimeOffset startedAt) =>
        new() { State = State, Steps = Status.Steps, NodesRolled = Status.NodesRolled, Keysets = Status.Keysets, Secret = Status.Secret, Seconds = (Workflow.UtcNow - startedAt).TotalSeconds };

    private void Show()
    {
        string state = State.ToString();
        if (_shownState.Length == 0)
            Workflow.UpsertTypedSearchAttributes(RotationSearchAttributes.Cluster.ValueSet(Status.Cluster), RotationSearchAttributes.Kind.ValueSet(_kind), RotationSearchAttributes.State.ValueSet(state), RotationSearchAttributes.Step.ValueSet(Status.Step));
        else if (_shownState != state || _shownStep != Status.Step)
            Workflow.UpsertTypedSearchAttributes(RotationSearchAttributes.State.ValueSet(state), RotationSearchAttributes.Step.ValueSet(Status.Step));
        (_shownState, _shownStep) = (state, Status.Step);
        Workflow.CurrentDetails = StatusText.Of(Status, NextCalls());
    }
}
