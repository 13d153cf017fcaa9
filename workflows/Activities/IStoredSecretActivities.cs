using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Works on the Secrets that the API servers keep encrypted at rest. Their content stays on the worker and is never changed: results carry counts only.</summary>
public interface IStoredSecretActivities
{
    /// <summary>
    /// Sends every Secret back as it was read. An API server writes what has not changed only when it had stored it under another key than the first of its configuration, and then under
    /// the first. So a second pass that finds none to write proves that none is left under another key. Heartbeats with counts and goes on where an earlier attempt was. Fails with
    /// <c>SecretRefused</c> naming the Secret that the API does not take back, with <c>ApiRefused</c>, or with <c>ApiUnavailable</c>, retried.
    /// </summary>
    [Activity]
    Task<RewrittenSecrets> RewriteSecretsAsync(ClusterRef cluster);

    /// <summary>Reads every Secret from every API server, one by one. Reads only. A server that cannot decrypt one is in the result, not a failure.</summary>
    [Activity]
    Task<ReadableSecrets> ReadSecretsAsync(ClusterRef cluster);
}

/// <summary>What a pass over every Secret did.</summary>
/// <param name="Secrets">Secrets that were sent back.</param>
/// <param name="Written">Secrets among them that were under another key, and are no more.</param>
public sealed record RewrittenSecrets(int Secrets, int Written);

/// <summary>Which API servers read every Secret.</summary>
/// <param name="Servers">One entry a server, sorted by node.</param>
public sealed record ReadableSecrets(IReadOnlyList<SecretReadings> Servers);

/// <summary>What one API server read.</summary>
/// <param name="Node">Node name.</param>
/// <param name="Secrets">Secrets that it read.</param>
/// <param name="Unreadable">Why it did not read all, or null.</param>
public sealed record SecretReadings(string Node, int Secrets, string? Unreadable);
