using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>
/// What only the disruptive procedure for clusters from before kOps 1.22 does. Every member may be repeated at any moment. See
/// <see href="https://kops.sigs.k8s.io/operations/rotate-secrets/#legacy-procedure">kOps: legacy procedure</see>.
/// </summary>
public interface ILegacyActivities
{
    /// <summary>
    /// Copies every file of <c>pki</c> and <c>secrets</c> into the worker's work directory, once per rotation: a repetition returns the first copy, whatever the state
    /// store has become. Fails with <c>ClusterNotFound</c> when there is nothing to copy.
    /// </summary>
    [Activity]
    Task<BackupState> BackUpCredentialsAsync(ClusterRef cluster);

    /// <summary>
    /// Puts the copy back, byte for byte, and deletes what was added since; reads all of it back. Fails with <c>BackupMissing</c> when this rotation made none here, and with
    /// <c>BackupDamaged</c> when a file of it is not what was copied.
    /// </summary>
    [Activity]
    Task<BackupState> RestoreCredentialsAsync(ClusterRef cluster);

    /// <summary>Names of what there is to delete. Reads only.</summary>
    [Activity]
    Task<CredentialNames> ReadCredentialNamesAsync(ClusterRef cluster);

    /// <summary>
    /// Deletes one keyset or secret with kops and looks whether it is gone; nothing happens when it was gone before. Fails with <c>DeleteRefused</c>, not retried, when kops
    /// reports success and it is still there: newer versions of kops have no such command.
    /// </summary>
    [Activity]
    Task<DeletedCredential> DeleteCredentialAsync(DeleteCredentialInput input);

    /// <summary>
    /// Removes etcd's server and peer certificates on one control-plane host by SSH. What is gone is done. Fails with <c>SshRefused</c>, not retried, when the host's key is not
    /// the pinned one or the login is refused, and with <c>SshFailed</c> otherwise.
    /// </summary>
    [Activity]
    Task<HostResult> RemoveEtcdCertificatesAsync(HostInput input);

    /// <summary>
    /// Stops the controller manager's container on one control-plane host; the kubelet starts it again. One that began after this activity was scheduled is left alone: an earlier
    /// attempt made it. Fails as <see cref="RemoveEtcdCertificatesAsync"/>.
    /// </summary>
    [Activity]
    Task<HostResult> RestartControllerManagerAsync(HostInput input);

    /// <summary>Deletes the service-account token Secrets that are older than a moment: the controller makes new ones, which a repetition leaves alone.</summary>
    [Activity]
    Task<DeletedObjects> DeleteServiceAccountTokensAsync(OlderThanInput input);

    /// <summary>Deletes the pods that are older than a moment, in every namespace, mirror pods excepted; what was started since is left alone.</summary>
    [Activity]
    Task<DeletedObjects> DeletePodsAsync(OlderThanInput input);
}

/// <summary>A copy of a cluster's credentials, without their content.</summary>
/// <param name="Files">Number of files.</param>
/// <param name="Sha256">SHA-256 over names and contents, lower-case hexadecimal: equal for equal trees.</param>
public sealed record BackupState(int Files, string Sha256);

/// <summary>What there is to delete, sorted.</summary>
/// <param name="Keysets">Names of the keysets.</param>
/// <param name="Secrets">Names of the secrets.</param>
/// <param name="Hosts">Control-plane hosts, <c>HOST[:PORT]</c>, as the worker's configuration pins them.</param>
public sealed record CredentialNames(IReadOnlyList<string> Keysets, IReadOnlyList<string> Secrets, IReadOnlyList<string> Hosts);

/// <summary>Kinds of what the legacy procedure deletes.</summary>
public enum CredentialKind
{
    /// <summary>A keyset with all its keypairs.</summary>
    Keypair,

    /// <summary>A symmetric secret.</summary>
    Secret,
}

/// <summary>What to delete.</summary>
public sealed record DeleteCredentialInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Its kind.</summary>
    public CredentialKind Kind { get; init; }

    /// <summary>Its name.</summary>
    public string Name { get; init; } = "";
}

/// <summary>What a deletion did.</summary>
/// <param name="WasThere">False when it was gone before.</param>
public sealed record DeletedCredential(bool WasThere);

/// <summary>A control-plane host.</summary>
public sealed record HostInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Host as the worker's configuration names it, <c>HOST[:PORT]</c>.</summary>
    public string Host { get; init; } = "";
}

/// <summary>What was done on a host.</summary>
/// <param name="Host">The host.</param>
/// <param name="Changed">How many files or containers it was done to; 0 when nothing was left to do.</param>
public sealed record HostResult(string Host, int Changed);

/// <summary>Objects of the Kubernetes API that are older than a moment.</summary>
public sealed record OlderThanInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Objects made before this are deleted.</summary>
    public DateTimeOffset Before { get; init; }
}

/// <summary>What was deleted by this attempt.</summary>
/// <param name="Count">Number of objects.</param>
public sealed record DeletedObjects(int Count);
