namespace Rotation.Workflows.Contracts;

/// <summary>Answer of the query <c>plan</c> of <c>RotateKeypairs</c>.</summary>
public sealed record RotationPlan : ProcedurePlan
{
    /// <summary>The request with every default filled in.</summary>
    public RotateKeypairsRequest Request { get; init; } = new();

    /// <summary>Keysets, sorted by name, with the primary and the trusted ids that were found.</summary>
    public IReadOnlyList<PlannedKeyset> Keysets { get; init; } = [];
}

/// <summary>Everything that a rotation will do, before it does any of it.</summary>
public abstract record ProcedurePlan
{
    /// <summary>Cluster that is rotated.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Version of kops that will be used.</summary>
    public string KopsVersion { get; init; } = "";

    /// <summary>The steps, in order.</summary>
    public IReadOnlyList<PlannedStep> Steps { get; init; } = [];

    /// <summary>First step that is left to do: <c>1-stage</c> unless a rotation that was begun already is gone on with.</summary>
    public string FirstStep { get; init; } = "1-stage";

    /// <summary>1, and one more with each way back to a step: to go forward again is another plan.</summary>
    public int Round { get; init; } = 1;

    /// <summary>How long it is forecast to take: six minutes a control-plane node, five minutes a worker or batch of workers, four hours a gate, and the holds.</summary>
    public KopsDuration Forecast { get; init; }

    /// <summary>Instances in the order in which each roll replaces them.</summary>
    public IReadOnlyList<PlannedInstance> Instances { get; init; } = [];

    /// <summary>What the pre-flight checks found.</summary>
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>SHA-256 over the rest of the plan in canonical JSON, lower-case hexadecimal: what approvals are bound to.</summary>
    public string PlanHash { get; init; } = "";
}

/// <summary>A keyset in a plan.</summary>
/// <param name="Name">Name.</param>
/// <param name="PrimaryId">Id of the primary that was found.</param>
/// <param name="TrustedIds">Ids that were trusted, oldest first.</param>
public sealed record PlannedKeyset(string Name, string PrimaryId, IReadOnlyList<string> TrustedIds);

/// <summary>A step in a plan.</summary>
/// <param name="Name">Name, such as <c>3-promote</c>.</param>
/// <param name="Gate">Name of the gate before it, or null.</param>
/// <param name="Skip">Why it is skipped, or null.</param>
/// <param name="Commands">kops commands in order; <c>ID</c> stands for ids that are not known yet.</param>
/// <param name="WayBack">How it is taken back, in words and commands.</param>
public sealed record PlannedStep(string Name, string? Gate, string? Skip, IReadOnlyList<string> Commands, IReadOnlyList<string> WayBack)
{
    /// <summary>Why it is done already, or null.</summary>
    public string? Done { get; init; }

    /// <summary>What is waited for before it, whoever approves, or null.</summary>
    public string? Hold { get; init; }
}

/// <summary>An instance in a plan.</summary>
/// <param name="Id">Id in the cloud.</param>
/// <param name="InstanceGroup">Name of its group.</param>
/// <param name="Role">Role of its group.</param>
public sealed record PlannedInstance(string Id, string InstanceGroup, InstanceGroupRole Role);

/// <summary>Something that a pre-flight check found.</summary>
/// <param name="Check">Name of the check, such as <c>keyset-has-staged-keypair</c>.</param>
/// <param name="Severity">Error stops the rotation; warning needs the first gate's approver to have seen it.</param>
/// <param name="Message">What was found and what to do.</param>
public sealed record Finding(string Check, FindingSeverity Severity, string Message);

/// <summary>Weight of a finding.</summary>
public enum FindingSeverity
{
    /// <summary>Worth knowing.</summary>
    Info,

    /// <summary>Needs a person's approval.</summary>
    Warning,

    /// <summary>Stops the rotation before it changes anything.</summary>
    Error,
}
