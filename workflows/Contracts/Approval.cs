namespace Rotation.Workflows.Contracts;

/// <summary>Input of the signals and updates <c>approve</c> and <c>reject</c>.</summary>
public sealed record Approval : PersonInput
{
    /// <summary>Gate that is meant, such as <c>3-promote</c>, so that an approval never opens another one. Required.</summary>
    public string Gate { get; init; } = "";

    /// <summary>Who approves, such as a mail address. Required.</summary>
    public string Approver { get; init; } = "";

    /// <summary>Why, for the report.</summary>
    public string Comment { get; init; } = "";

    /// <summary>Plan hash that was approved. Empty: the plan as it stands.</summary>
    public string PlanHash { get; init; } = "";

    /// <summary>Signed approval, where the worker's configuration asks for one.</summary>
    public string Token { get; init; } = "";
}

/// <summary>Input of the signals and updates <c>pause</c>, <c>resume</c>, <c>rollback</c> and <c>extendGate</c>.</summary>
public sealed record OperatorCall : PersonInput
{
    /// <summary>Who asks. Required.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Why, for the report.</summary>
    public string Reason { get; init; } = "";

    /// <summary>For <c>rollback</c>: the step, such as <c>2-export-ca</c>, that is to be undone last. Empty: back to the start.</summary>
    public string ToStep { get; init; } = "";

    /// <summary>For <c>rollback</c> from step 5 on: true is required, because nodes are replaced by force.</summary>
    public bool Force { get; init; }

    /// <summary>For <c>extendGate</c>: how much longer the gate waits. Default 24h.</summary>
    public KopsDuration By { get; init; } = KopsDuration.FromHours(24);
}
