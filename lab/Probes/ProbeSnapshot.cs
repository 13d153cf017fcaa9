namespace Rotation.Lab.Probes;

/// <summary>What the probing clients have seen so far.</summary>
public sealed record ProbeSnapshot
{
    /// <summary>Requests of rightful clients.</summary>
    public long Requests { get; init; }

    /// <summary>Of those, failed.</summary>
    public long Failed { get; init; }

    /// <summary>Of those, without an answer: there was no connection, or it broke.</summary>
    public long Unanswered { get; init; }

    /// <summary>Requests with the very first admin credential since <see cref="ProbeSet.MarkDistrusted"/>.</summary>
    public long OldRequestsAfterDistrust { get; init; }

    /// <summary>Of those, refused. Equal to the former when the old credential is of no use any more.</summary>
    public long FailedAfterDistrustOld { get; init; }

    /// <summary>Counts by class of client.</summary>
    public IReadOnlyList<ProbeClassCounts> Classes { get; init; } = [];

    /// <summary>Failures, oldest first; at most 1,000 a class.</summary>
    public IReadOnlyList<ProbeFailure> Failures { get; init; } = [];
}

/// <summary>Counts of one class of client.</summary>
/// <param name="Class">One of <see cref="ProbeClasses"/>.</param>
/// <param name="Requests">Requests made.</param>
/// <param name="Failed">Of those, failed.</param>
public sealed record ProbeClassCounts(string Class, long Requests, long Failed);

/// <summary>Classes of probing clients.</summary>
public static class ProbeClasses
{
    /// <summary>Reads the admin kubeconfig from its file each time it changes.</summary>
    public const string Admin = "admin";

    /// <summary>Service-account token and bundle of a pod, over all workers.</summary>
    public const string ServiceAccount = "service-account";

    /// <summary>Kubelet certificate and bundle of a worker to the API, over all workers.</summary>
    public const string Kubelet = "kubelet";

    /// <summary>API server to kubelet, over all pairs, as for logs and exec.</summary>
    public const string ToKubelet = "api-server-to-kubelet";

    /// <summary>Keeps the first admin kubeconfig for ever; not rightful at the end.</summary>
    public const string OldAdmin = "old-admin";
}

/// <summary>One failed request.</summary>
public sealed record ProbeFailure
{
    /// <summary><see cref="Kind"/> of a request that got no answer.</summary>
    public const string NoAnswer = "connection";

    /// <summary>When, UTC.</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>Class of the client.</summary>
    public string Class { get; init; } = "";

    /// <summary>Whose credential.</summary>
    public string Client { get; init; } = "";

    /// <summary>Server that answered, by instance id when it said so, else its address.</summary>
    public string Server { get; init; } = "";

    /// <summary>Issuer of the certificate that the server showed.</summary>
    public string Issuer { get; init; } = "";

    /// <summary><c>client-refused-server</c>, <c>connection</c>, or <c>http-STATUS</c>.</summary>
    public string Kind { get; init; } = "";

    /// <summary>Why, in words.</summary>
    public string Reason { get; init; } = "";
}
