namespace Rotation.Workflows.Contracts;

/// <summary>Who must approve at a gate, and what happens when nobody does.</summary>
public sealed record ApprovalPolicy : PersonInput
{
    /// <summary>Number of different approvers a gate needs, 1 to 10. Default 1.</summary>
    public int Quorum { get; init; } = 1;

    /// <summary>How long a gate waits. Default 72h; at least 1m.</summary>
    public KopsDuration Timeout { get; init; } = KopsDuration.FromHours(72);

    /// <summary>What a gate does when its time is up. Default: hold.</summary>
    public GateTimeout OnTimeout { get; init; } = GateTimeout.Hold;

    /// <summary>True lets every gate through at once. For the lab. Default false.</summary>
    public bool Auto { get; init; }

    /// <summary>True: the one who started the rotation cannot approve it. Default true.</summary>
    public bool ExcludeRequester { get; init; } = true;
}

/// <summary>What a gate does when its time is up.</summary>
public enum GateTimeout
{
    /// <summary>Goes on waiting, and says so.</summary>
    Hold,

    /// <summary>Lets the rotation through.</summary>
    Advance,

    /// <summary>Goes back to the start.</summary>
    Rollback,
}
