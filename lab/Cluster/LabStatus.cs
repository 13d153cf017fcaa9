namespace Rotation.Lab;

/// <summary>What a lab looks like now.</summary>
public sealed record LabStatus
{
    /// <summary>kOps cluster name.</summary>
    public string ClusterName { get; init; } = "";

    /// <summary>Address of the API's load balancer.</summary>
    public string ApiAddress { get; init; } = "";

    /// <summary>Divisor of every time that a real cluster takes.</summary>
    public double Speed { get; init; } = 1;

    /// <summary>Whether every instance runs, is joined and ready, and etcd has a majority.</summary>
    public bool Ready { get; init; }

    /// <summary>Instances that are not terminated, by group and id.</summary>
    public IReadOnlyList<LabNodeStatus> Nodes { get; init; } = [];

    /// <summary>Faults that are set.</summary>
    public IReadOnlyList<LabFault> Faults { get; init; } = [];

    /// <summary>Number of events so far.</summary>
    public long Events { get; init; }

    /// <summary>Defects of the lab itself; always empty unless it has a bug.</summary>
    public IReadOnlyList<string> Broken { get; init; } = [];
}

/// <summary>One instance.</summary>
public sealed record LabNodeStatus
{
    /// <summary>Instance id, also the node's name.</summary>
    public string Id { get; init; } = "";

    /// <summary>Instance group.</summary>
    public string Group { get; init; } = "";

    /// <summary><c>control-plane</c>, <c>node</c> or <c>bastion</c>.</summary>
    public string Role { get; init; } = "";

    /// <summary>Zone.</summary>
    public string Zone { get; init; } = "";

    /// <summary>State as EC2 names it.</summary>
    public string State { get; init; } = "";

    /// <summary>Whether its node object is ready.</summary>
    public bool Ready { get; init; }

    /// <summary>Whether it runs an older launch-template version than its group has.</summary>
    public bool NeedsUpdate { get; init; }

    /// <summary>Whether it was detached from its group.</summary>
    public bool Detached { get; init; }

    /// <summary>Port of its API server on the loopback address, or null.</summary>
    public int? ApiPort { get; init; }

    /// <summary>Primary of <c>kubernetes-ca</c> as of its boot, or null while it boots.</summary>
    public string? Primary { get; init; }

    /// <summary>SHA-256 of the certificates of <c>kubernetes-ca</c> that it trusts since its boot, lower-case hexadecimal, sorted; empty while it boots.</summary>
    public IReadOnlyList<string> Trusts { get; init; } = [];
}
