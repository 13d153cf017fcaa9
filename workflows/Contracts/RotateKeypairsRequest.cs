namespace Rotation.Workflows.Contracts;

/// <summary>Input of the workflow <c>RotateKeypairs</c>. Only <see cref="Cluster"/> is required: <c>{"cluster":"prod.example.com"}</c> is a complete, safe start.</summary>
public sealed record RotateKeypairsRequest : PersonInput
{
    /// <summary>kOps cluster name, a DNS name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>Keysets to rotate; <c>all</c> stands for every keyset that kops can rotate. Default: all.</summary>
    public IReadOnlyList<string> Keysets { get; init; } = ["all"];

    /// <summary>kOps state store, <c>s3://…</c> or <c>file://…</c>. Default: the one in the worker's configuration.</summary>
    public string? StateStore { get; init; }

    /// <summary>Who must approve, and for how long a gate waits.</summary>
    public ApprovalPolicy Approvals { get; init; } = new();

    /// <summary>Lifetime of the admin certificates of step 4. Default 18h, as kops; at least 10m.</summary>
    public KopsDuration AdminTtl { get; init; } = KopsDuration.FromHours(18);

    /// <summary>What happens when a step fails for good. Default: hold and ask a person.</summary>
    public FailureReaction OnFailure { get; init; } = FailureReaction.Hold;

    /// <summary>How nodes are replaced.</summary>
    public RollOptions Roll { get; init; } = new();

    /// <summary>Names of the sinks, in the worker's configuration, that get kubeconfigs. Default: the worker's default sinks.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];

    /// <summary>Names of notifiers in the worker's configuration. Not available yet: a name is refused.</summary>
    public IReadOnlyList<string> Notify { get; init; } = [];

    /// <summary>Who asks for the rotation, such as a mail address: with <see cref="ApprovalPolicy.ExcludeRequester"/> that person cannot approve it. Default: not known.</summary>
    public string RequestedBy { get; init; } = "";

    /// <summary>What happens while another rotation of the same cluster holds the lock. Default: refuse.</summary>
    public LockReaction WhenLocked { get; init; } = LockReaction.Refuse;
}

/// <summary>What happens when a step fails for good.</summary>
public enum FailureReaction
{
    /// <summary>Stop where it is and wait for a person: resume tries again, rollback goes back.</summary>
    Hold,

    /// <summary>Go back to the start.</summary>
    Rollback,
}

/// <summary>What a rotation does while another one holds its cluster's lock.</summary>
public enum LockReaction
{
    /// <summary>Fails at once with <c>ClusterLocked</c>.</summary>
    Refuse,

    /// <summary>Waits until the lock is free.</summary>
    Queue,
}

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
