namespace Rotation.Workflows.Contracts;

/// <summary>Input of the signals and updates <c>retry</c>, <c>skip</c> and <c>force</c> of a roll.</summary>
public sealed record RollCall : PersonInput
{
    /// <summary>Who asks. Required.</summary>
    public string Operator { get; init; } = "";

    /// <summary>Why, for the record.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Ids of the instances that are meant. Default: every one that is parked or failed. Required for <c>force</c>.</summary>
    public IReadOnlyList<string> Instances { get; init; } = [];

    /// <summary>For <c>force</c>: signed approval at the gate <c>force</c>, where the worker's configuration asks for one.</summary>
    public string Token { get; init; } = "";
}
