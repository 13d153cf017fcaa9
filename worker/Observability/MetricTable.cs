using Rotation.Activities.Kops;

namespace Rotation.Worker.Observability;

/// <summary>Every metric of ours, in one table: instruments are made from it, and documentation, dashboard and alerts are held to it.</summary>
public static class MetricTable
{
    /// <summary>Rotations that began.</summary>
    public static readonly MetricDefinition Started = new("rotation_started_total", MetricKind.Counter, "{rotation}", ["kind"], "Rotations that began.");

    /// <summary>Rotations that ended.</summary>
    public static readonly MetricDefinition Ended = new("rotation_ended_total", MetricKind.Counter, "{rotation}", ["kind", "state"], "Rotations that ended, by the state they ended in: completed, rolledBack or failed.");

    /// <summary>Open rotations.</summary>
    public static readonly MetricDefinition Open = new("rotation_open", MetricKind.Gauge, "{rotation}", ["kind", "state"], "Rotations that have not ended, by their state.");

    /// <summary>Steps that ended.</summary>
    public static readonly MetricDefinition Steps = new("rotation_steps_total", MetricKind.Counter, "{step}", ["step", "state"], "Steps of rotations that ended, by the state of the step.");

    /// <summary>How long steps took.</summary>
    public static readonly MetricDefinition StepSeconds = new("rotation_step_seconds", MetricKind.Histogram, "s", ["step"], "How long a step took, its gate not counted.");

    /// <summary>Gates that wait.</summary>
    public static readonly MetricDefinition GatesWaiting = new("rotation_gates_waiting", MetricKind.Gauge, "{gate}", ["cluster", "kind", "gate"], "Gates that wait for people.");

    /// <summary>How long they have waited.</summary>
    public static readonly MetricDefinition GateAge = new("rotation_gate_age_seconds", MetricKind.Gauge, "s", ["cluster", "kind", "gate"], "How long a gate has waited for people; 0 once it is open.");

    /// <summary>Nodes replaced.</summary>
    public static readonly MetricDefinition NodesReplaced = new("rotation_nodes_replaced_total", MetricKind.Counter, "{node}", ["cluster"], "Instances that were terminated so that a new one takes their place.");

    /// <summary>Drains.</summary>
    public static readonly MetricDefinition Drains = new("rotation_drains_total", MetricKind.Counter, "{drain}", ["cluster", "outcome"], "Attempts to drain a node: ok, failed or cancelled.");

    /// <summary>How long activities took.</summary>
    public static readonly MetricDefinition ActivitySeconds = new("rotation_activity_seconds", MetricKind.Histogram, "s", ["activity", "outcome"], "How long one attempt of an activity took: ok, failed or cancelled.");

    /// <summary>Attempts after the first.</summary>
    public static readonly MetricDefinition Retries = new("rotation_activity_retries_total", MetricKind.Counter, "{attempt}", ["activity"], "Attempts of activities after the first.");

    /// <summary>Failed attempts.</summary>
    public static readonly MetricDefinition Failures = new("rotation_activity_failures_total", MetricKind.Counter, "{attempt}", ["activity", "error"], "Attempts of activities that failed, by error type.");

    /// <summary>How long kops ran.</summary>
    public static readonly MetricDefinition KopsSeconds = new(KopsTelemetry.Seconds, MetricKind.Histogram, "s", ["command", "outcome"], "How long kops ran.");

    /// <summary>Days to expiry.</summary>
    public static readonly MetricDefinition ExpiryDays = new("rotation_keyset_expiry_days", MetricKind.Gauge, "d", ["cluster", "keyset"], "Days until the keyset's primary keypair expires, as last read from the state store.");

    /// <summary>Looks at open rotations that failed.</summary>
    public static readonly MetricDefinition LookFailures = new("rotation_look_failures_total", MetricKind.Counter, "{look}", [], "Times that the worker could not ask Temporal for the open rotations; their gauges are old then.");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<MetricDefinition> All { get; } =
        [Started, Ended, Open, Steps, StepSeconds, GatesWaiting, GateAge, NodesReplaced, Drains, ActivitySeconds, Retries, Failures, KopsSeconds, ExpiryDays, LookFailures];
}
