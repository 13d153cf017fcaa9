using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Looks at what the nodes themselves serve and trust, whatever kops says.</summary>
public interface ITrustActivities
{
    /// <summary>
    /// Connects to every API server and every kubelet, and reads the issuer of the certificate it serves and the issuers of client certificates it
    /// accepts. Reads only. Nodes that cannot be reached are in the result with the reason, not a failure.
    /// </summary>
    [Activity]
    Task<TrustMatrix> ReadTrustAsync(ClusterRef cluster);

    /// <summary>
    /// Tries the credential that the sinks held before the rotation on every API server and says how each refused it. Reads only. A server that still
    /// accepts it is in the result, not a failure.
    /// </summary>
    [Activity]
    Task<RefusalProof> ProveRefusedAsync(ProveRefusedInput input);
}

/// <summary>What each server of the cluster serves and trusts.</summary>
/// <param name="Servers">One entry a server, sorted by node and component.</param>
public sealed record TrustMatrix(IReadOnlyList<ServerTrust> Servers);

/// <summary>What one server serves and trusts. Keypair ids are those of <c>kubernetes-ca</c>.</summary>
public sealed record ServerTrust
{
    /// <summary>Node name.</summary>
    public string Node { get; init; } = "";

    /// <summary><c>kube-apiserver</c> or <c>kubelet</c>.</summary>
    public string Component { get; init; } = "";

    /// <summary>Id of the keypair that issued the certificate it serves; empty when unknown.</summary>
    public string ServedBy { get; init; } = "";

    /// <summary>Ids of the keypairs whose client certificates it accepts, oldest first.</summary>
    public IReadOnlyList<string> Accepts { get; init; } = [];

    /// <summary>Why it could not be read, or null.</summary>
    public string? Unreadable { get; init; }
}

/// <summary>What to try.</summary>
public sealed record ProveRefusedInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Step whose kept copies hold the old credentials, such as <c>4-export-admin</c>.</summary>
    public string Step { get; init; } = "";

    /// <summary>Names of the sinks of that step.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];
}

/// <summary>How old credentials were met.</summary>
/// <param name="Attempts">One entry a server and credential.</param>
public sealed record RefusalProof(IReadOnlyList<RefusalAttempt> Attempts);

/// <summary>One attempt with an old credential.</summary>
/// <param name="Sink">Sink whose previous content held it.</param>
/// <param name="Server">Server that was asked, by node name.</param>
/// <param name="Refused">True when it was refused.</param>
/// <param name="How">How: a TLS alert, <c>401</c>, or what it answered when it did not refuse.</param>
public sealed record RefusalAttempt(string Sink, string Server, bool Refused, string How)
{
    /// <summary>Id of the keypair of <c>kubernetes-ca</c> that issued the credential; empty when unknown. A sink that somebody served before may have held one of the new CA.</summary>
    public string IssuedBy { get; init; } = "";
}
