using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Reads, changes and restores the four symmetric secrets of a cluster. Content stays on the worker: results carry SHA-256 only.</summary>
public interface ISecretActivities
{
    /// <summary>Reads a secret from the state store itself. Reads only.</summary>
    [Activity]
    Task<SecretState> ReadSecretAsync(SecretInput input);

    /// <summary>
    /// Makes one change with <c>kops create secret … --force</c> and reads it back. The content before and the new content are kept once per rotation and step, so that a
    /// retry writes the same new content and never makes a second key. Fails with <c>SecretRefused</c>, not retried, where the cluster's kops or content does not allow it.
    /// </summary>
    [Activity]
    Task<SecretState> ChangeSecretAsync(ChangeSecretInput input);

    /// <summary>Puts the content from before the step back, byte for byte. Idempotent. Fails with <c>SecretRefused</c> when the step never kept one.</summary>
    [Activity]
    Task<SecretState> RestoreSecretAsync(SecretInput input);
}

/// <summary>The symmetric secrets, by the names that requests use.</summary>
public enum SecretName
{
    /// <summary>Keys that the API server encrypts Secrets with, at rest.</summary>
    EncryptionConfig,

    /// <summary>IPsec key of Cilium.</summary>
    CiliumPassword,

    /// <summary>Credentials of container registries.</summary>
    DockerConfig,

    /// <summary>Password of Weave, where kops still has it.</summary>
    WeavePassword,
}

/// <summary>One change of a secret.</summary>
public enum SecretMove
{
    /// <summary>Encryption configuration: a new key after the one in use, so that all can read it before any writes with it.</summary>
    AddKey,

    /// <summary>Encryption configuration: the new key first, so that it is the one written with.</summary>
    PromoteKey,

    /// <summary>Encryption configuration: every key but the first removed.</summary>
    RemoveOldKeys,

    /// <summary>Cilium: the next key id with a new key. Weave: a new password.</summary>
    Generate,

    /// <summary>Docker: the content of the worker's file <c>Rotation:SecretSources:dockerConfig</c>.</summary>
    FromSource,
}

/// <summary>Which secret, in which step.</summary>
public record SecretInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>The secret.</summary>
    public SecretName Secret { get; init; }

    /// <summary>Step that changes it: names the kept content.</summary>
    public string Step { get; init; } = "";
}

/// <summary>What to change.</summary>
public sealed record ChangeSecretInput : SecretInput
{
    /// <summary>The change.</summary>
    public SecretMove Move { get; init; }
}

/// <summary>A secret without its content.</summary>
/// <param name="Sha256">SHA-256 of the content, lower-case hexadecimal; empty when there is none.</param>
/// <param name="KeyCount">Keys in an encryption configuration; 0 for the others.</param>
public sealed record SecretState(string Sha256, int KeyCount)
{
    /// <summary>Kinds of objects that an encryption configuration encrypts, as it names them, such as <c>secrets</c>; empty for the others.</summary>
    public IReadOnlyList<string> Resources { get; init; } = [];
}
