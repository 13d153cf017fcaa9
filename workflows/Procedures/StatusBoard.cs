using Rotation.Workflows.Contracts;
using Rotation.Workflows.Gates;
using Rotation.Workflows.Machine;
using Rotation.Workflows.Reports;
using Temporalio.Workflows;

namespace Rotation.Workflows.Procedures;

/// <summary>Where a rotation is: the one place that changes its state, and shows it as query answer, search attributes and current details.</summary>
internal sealed class StatusBoard
{
    private readonly ReportLog _report;
    private readonly string _kind;
    private string _shownState = "";
    private string _shownStep = "";

    public StatusBoard(string cluster, string kind, IReadOnlyList<string> steps)
    {
        _kind = kind;
        _report = new(cluster, Workflow.Info.WorkflowId, Workflow.Info.RunId);
        Status = new() { Cluster = cluster, Steps = [.. steps.Select(s => new StepStatus { Name = s })] };
    }

    public RotationStatus Status { get; private set; }

    public RotationState State => Status.State;

    /// <summary>Everything that happened, in order.</summary>
    public RotationReport Report => _report.Report;

    /// <summary>The lines that current details end with: what a person can send now. Set by the one who knows.</summary>
    public Func<IReadOnlyList<string>> NextCalls { get; set; } = () => [];

    /// <summary>Moves the state machine. Fails with <c>IllegalTransition</c>.</summary>
    public void Apply(RotationEvent happened)
    {
        Status = Status with { State = RotationTransitions.Next(State, happened) };
        if (RotationTransitions.IsEnd(State))
            Record(ReportKind.Ended, State.ToString(), facts: [("state", State.ToString())]);
        Show();
    }

    /// <summary>Appends to the report. What comes after the end, such as a call that is too late, has no place in it any more.</summary>
    public void Record(ReportKind kind, string what, string who = "", string? step = null, params IEnumerable<(string Name, string Value)> facts)
    {
        if (!_report.HasEnded)
            _report.Append(Workflow.UtcNow, kind, what, step ?? Status.Step, who, facts.Select(f => KeyValuePair.Create(f.Name, f.Value)));
    }

    public void Say(string doing)
    {
        Status = Status with { Doing = doing };
        Show();
    }

    public void SetPlan(string hash)
    {
        Status = Status with { PlanHash = hash };
        Record(ReportKind.Planned, "The plan was made", facts: [("planHash", hash)]);
    }

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
        Record(ReportKind.Failed, failure);
        Show();
    }

    public void Refused(string call, string reason)
    {
        Status = Status with { LastRefusal = $"{call}: {reason}" };
        Record(ReportKind.Refused, $"{call}: {reason}");
        Show();
    }

    /// <summary>Position of a step, from 0; -1 when there is no such step.</summary>
    public int IndexOf(string step) => Status.Steps.Select(s => s.Name).ToList().IndexOf(step);

    /// <summary>Marks a step as begun before this rotation, without entering it.</summary>
    public void MarkBegun(string name, string note) => Status = Status with { Steps = [.. Status.Steps.Select(s => s.Name == name ? s with { State = StepState.Running, Note = note } : s)] };

    /// <summary>What those who are asked should know, a line each.</summary>
    public void SetEvidence(IReadOnlyList<string> lines) => Status = Status with { Evidence = lines };

    /// <summary>When a step ended; null when it did not, or before this rotation began.</summary>
    public DateTimeOffset? EndOf(string step) => Status.Steps.FirstOrDefault(s => s.Name == step) is { State: StepState.Done, StartedAt: { } began } done ? began + TimeSpan.FromSeconds(done.Seconds) : null;

    /// <summary>Enters a step, or ends it.</summary>
    public void SetStep(string name, StepState state, string? note = null)
    {
        DateTimeOffset now = Workflow.UtcNow;
        if (Status.Steps.FirstOrDefault(s => s.Name == name)?.State != state && KindOf(state) is { } kind)
            Record(kind, note ?? "", step: name);
        Status = Status with
        {
            Step = name,
            Steps = [.. Status.Steps.Select(s => s.Name != name ? s : s with
            {
                State = state,
                Note = note ?? (state == StepState.Done ? s.Note : null),
                StartedAt = state == StepState.Running && (s.StartedAt is null || s.State is not (StepState.Running or StepState.Failed)) ? now : s.StartedAt,
                Seconds = state is StepState.Done or StepState.Failed && s.StartedAt is { } began ? (now - began).TotalSeconds : s.Seconds,
            })],
        };
        Show();
    }

    /// <summary>The result that a rotation ends with.</summary>
    public RotationResult ToResult(DateTimeOffset startedAt) =>
        new() { State = State, Steps = Status.Steps, NodesRolled = Status.NodesRolled, Keysets = Status.Keysets, Secret = Status.Secret, Seconds = (Workflow.UtcNow - startedAt).TotalSeconds };

    // Failures are recorded with their words.
    private static ReportKind? KindOf(StepState state) => state switch
    {
        StepState.Running => ReportKind.StepStarted,
        StepState.Done => ReportKind.StepEnded,
        StepState.Skipped => ReportKind.StepSkipped,
        StepState.Undone => ReportKind.Undone,
        _ => null,
    };

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
