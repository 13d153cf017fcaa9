namespace Rotation.Workflows.Contracts;

/// <summary>Input of the workflow <c>ClusterLock</c>, which <c>ClusterHold</c> starts: by hand start that one. Its workflow id must be <c>cluster-lock-CLUSTER@STATESTORE</c>: that is what locks.</summary>
public sealed record ClusterLockRequest : PersonInput
{
    /// <summary>kOps cluster name. Required.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>kOps state store. Required.</summary>
    public string StateStore { get; init; } = "";

    /// <summary>Who holds it, from the run that this one continues.</summary>
    public LockClaim? Holder { get; init; }

    /// <summary>Who wants it, in the order in which they asked.</summary>
    public IReadOnlyList<LockClaim> Queue { get; init; } = [];
}

/// <summary>One who wants a cluster's lock.</summary>
public sealed record LockClaim
{
    /// <summary>What tells it from others: the holder's first run id.</summary>
    public string Id { get; init; } = "";

    /// <summary>Workflow id of the <c>ClusterHold</c> that answers go to.</summary>
    public string Hold { get; init; } = "";

    /// <summary>For whom.</summary>
    public LockHolder Holder { get; init; } = new();

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True waits in the queue; false is refused while somebody else holds the lock.</summary>
    public bool Queue { get; init; }

    /// <summary>Since when it holds the lock, or waits.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>While the holder continues as new: until when it must have claimed the lock again. Otherwise null.</summary>
    public DateTimeOffset? HandOverUntil { get; init; }
}

/// <summary>Input of the signals <c>release</c> and <c>handOver</c> of a lock.</summary>
public sealed record LockRelease
{
    /// <summary>Claim that is meant; one that is not known is none any more. Required.</summary>
    public string ClaimId { get; init; } = "";
}

/// <summary>What became of a claim.</summary>
public enum LockState
{
    /// <summary>Not answered yet.</summary>
    Unanswered,

    /// <summary>It holds the lock.</summary>
    Granted,

    /// <summary>It waits.</summary>
    Queued,

    /// <summary>Somebody else holds the lock.</summary>
    Refused,
}

/// <summary>A lock's answer to a claim.</summary>
public sealed record LockAnswer
{
    /// <summary>The claim.</summary>
    public string ClaimId { get; init; } = "";

    /// <summary>What became of it.</summary>
    public LockState State { get; init; }

    /// <summary>Who holds the lock, in words.</summary>
    public string HeldBy { get; init; } = "";

    /// <summary>How many are served before it: 0 for the holder and the first who waits.</summary>
    public int Ahead { get; init; }
}

/// <summary>Answer of the query <c>holder</c> of a lock.</summary>
public sealed record LockStatus
{
    /// <summary>kOps cluster name.</summary>
    public string Cluster { get; init; } = "";

    /// <summary>kOps state store.</summary>
    public string StateStore { get; init; } = "";

    /// <summary>Who holds it; null when nobody does.</summary>
    public LockClaim? Holder { get; init; }

    /// <summary>Who waits, first come first.</summary>
    public IReadOnlyList<LockClaim> Queue { get; init; } = [];
}
