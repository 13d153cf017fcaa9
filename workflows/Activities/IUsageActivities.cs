using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Looks for who still uses what a rotation is about to end.</summary>
public interface IUsageActivities
{
    /// <summary>
    /// Reads which service-account tokens are about, how long they live and which key signed them. Reads only; no token leaves the worker. What the API does not serve or not allow is in
    /// <see cref="TokenUsage.Unread"/>, not a failure.
    /// </summary>
    [Activity]
    Task<TokenUsage> ReadTokenUsageAsync(ClusterRef cluster);
}

/// <summary>Service-account tokens of a cluster.</summary>
public sealed record TokenUsage
{
    /// <summary>Pods that mount a token which their kubelet renews.</summary>
    public int PodsWithTokens { get; init; }

    /// <summary>Longest life of such a token: so long after its key stopped signing it may still be shown. Zero when no pod mounts one.</summary>
    public KopsDuration LongestLife { get; init; }

    /// <summary>Tokens in Secrets, which nobody renews and which never run out, by the keypair that signed them.</summary>
    public IReadOnlyList<TokensOfKey> InSecrets { get; init; } = [];

    /// <summary>Requests with a token that was older than it should be, as one API server counted them since it started; null when it does not say.</summary>
    public long? StaleRequests { get; init; }

    /// <summary>What could not be read, and why.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];
}

/// <summary>Tokens that one key signed.</summary>
/// <param name="KeypairId">Id of its keypair; empty when it is none that is trusted.</param>
/// <param name="Secrets">Their Secrets as <c>namespace/name</c>, sorted; at most 20.</param>
/// <param name="Count">How many there are.</param>
public sealed record TokensOfKey(string KeypairId, IReadOnlyList<string> Secrets, int Count);
