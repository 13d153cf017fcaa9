namespace Rotation.Workflows.Reports;

/// <summary>One thing that happened in a rotation. Never changed once written; its hash covers all of it and the hash before it.</summary>
public sealed record ReportRecord
{
    /// <summary>Place in the report, from 1 without gaps.</summary>
    public int Number { get; init; }

    /// <summary>When, UTC, to the millisecond.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>What sort of thing.</summary>
    public ReportKind Kind { get; init; }

    /// <summary>Step or gate it belongs to, such as <c>3-promote</c>; empty outside of the steps.</summary>
    public string Step { get; init; } = "";

    /// <summary>Person who did it; empty when the rotation did.</summary>
    public string Who { get; init; } = "";

    /// <summary>What happened, in words or as a command; at most 2,000 characters. Never a secret.</summary>
    public string What { get; init; } = "";

    /// <summary>Ids, fingerprints, counts, results, by name. Never a secret.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    /// <summary>Hash of the record before, or of the report's heading for the first.</summary>
    public string Previous { get; init; } = "";

    /// <summary>SHA-256 over all of the above, lower-case hexadecimal.</summary>
    public string Hash { get; init; } = "";
}

/// <summary>Sorts of records.</summary>
public enum ReportKind
{
    /// <summary>The rotation began; facts: its request.</summary>
    Started,

    /// <summary>The plan was made; facts: plan hash.</summary>
    Planned,

    /// <summary>A gate was reached; facts: deadline, evidence.</summary>
    GateReached,

    /// <summary>An approval counted; facts: plan hash, method, key id, token id.</summary>
    Approved,

    /// <summary>A person rejected.</summary>
    Rejected,

    /// <summary>A call was refused; what: the reason.</summary>
    Refused,

    /// <summary>A gate was passed, or its time was up.</summary>
    GateLeft,

    /// <summary>A person paused, resumed, extended or asked for the way back.</summary>
    Called,

    /// <summary>A step began.</summary>
    StepStarted,

    /// <summary>A command was run or something was changed; facts: ids and fingerprints before and after.</summary>
    Changed,

    /// <summary>Something was read and compared; facts: what was expected and found.</summary>
    Verified,

    /// <summary>A step ended.</summary>
    StepEnded,

    /// <summary>A step was skipped; what: why.</summary>
    StepSkipped,

    /// <summary>Something failed; what: the message.</summary>
    Failed,

    /// <summary>A step was taken back.</summary>
    Undone,

    /// <summary>The rotation ended; facts: its state. Always the last record.</summary>
    Ended,
}
