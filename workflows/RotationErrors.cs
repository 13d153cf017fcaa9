using Temporalio.Exceptions;

namespace Rotation.Workflows;

/// <summary>Every error type that a workflow or an activity of ours fails with. Stable: people search for them, retry policies name them.</summary>
public static class RotationErrors
{
    /// <summary>A field of an input is unknown, malformed or out of bounds. The message names each.</summary>
    public const string InvalidRequest = nameof(InvalidRequest);

    /// <summary>kops knows no such cluster in the state store.</summary>
    public const string ClusterNotFound = nameof(ClusterNotFound);

    /// <summary>The state store cannot be reached, or answered with a passing fault. Retried.</summary>
    public const string StateStoreUnavailable = nameof(StateStoreUnavailable);

    /// <summary>The state store's address is not one that kops understands.</summary>
    public const string StateStoreInvalid = nameof(StateStoreInvalid);

    /// <summary>The kops binary is not there, or is of a version we do not know.</summary>
    public const string KopsVersionUnknown = nameof(KopsVersionUnknown);

    /// <summary>kops failed in a way that may pass. Retried.</summary>
    public const string KopsFailed = nameof(KopsFailed);

    /// <summary>kops was given arguments that it does not know.</summary>
    public const string KopsUsage = nameof(KopsUsage);

    /// <summary>kops took longer than its deadline and was ended, with all its children. Retried.</summary>
    public const string KopsTimedOut = nameof(KopsTimedOut);

    /// <summary>A keyset in the state store cannot be read. The message names file and field.</summary>
    public const string KeysetUnreadable = nameof(KeysetUnreadable);

    /// <summary>The cluster has no keyset of that name, or kops cannot rotate it.</summary>
    public const string KeysetUnknown = nameof(KeysetUnknown);

    /// <summary>The keyset has no keypair of that id.</summary>
    public const string KeypairUnknown = nameof(KeypairUnknown);

    /// <summary>The keypair is distrusted and so cannot be promoted.</summary>
    public const string KeypairDistrusted = nameof(KeypairDistrusted);

    /// <summary>The keypair is the primary and so cannot be distrusted.</summary>
    public const string KeypairIsPrimary = nameof(KeypairIsPrimary);

    /// <summary>More than one keypair appeared in a keyset: somebody else is at work.</summary>
    public const string UnexpectedKeypair = nameof(UnexpectedKeypair);

    /// <summary>The state store is not as this rotation left it: somebody else changed it.</summary>
    public const string DriftDetected = nameof(DriftDetected);

    /// <summary>After an update the number of instances that need it is not what the plan says.</summary>
    public const string UnexpectedUpdateCount = nameof(UnexpectedUpdateCount);

    /// <summary>What nodes serve or trust is not what the step should have made it.</summary>
    public const string TrustMismatch = nameof(TrustMismatch);

    /// <summary>An old credential is still accepted.</summary>
    public const string OldCredentialAccepted = nameof(OldCredentialAccepted);

    /// <summary>The worker's configuration has no sink of that name.</summary>
    public const string SinkUnknown = nameof(SinkUnknown);

    /// <summary>A sink cannot be reached or refused the content. Retried.</summary>
    public const string SinkFailed = nameof(SinkFailed);

    /// <summary>A sink gave back other content than was delivered.</summary>
    public const string ReadBackMismatch = nameof(ReadBackMismatch);

    /// <summary>A node could not be drained in time. The message names the pods that are left.</summary>
    public const string DrainTimedOut = nameof(DrainTimedOut);

    /// <summary>A replacement did not join or did not get ready in time.</summary>
    public const string ReplacementMissing = nameof(ReplacementMissing);

    /// <summary>The cluster did not validate in time.</summary>
    public const string ValidationFailed = nameof(ValidationFailed);

    /// <summary>The cloud refused a call that repeating cannot help: a permission is missing, or the thing is not there.</summary>
    public const string CloudRefused = nameof(CloudRefused);

    /// <summary>The cloud did not answer, or asked to slow down. Retried.</summary>
    public const string CloudUnavailable = nameof(CloudUnavailable);

    /// <summary>The Kubernetes API refused us: the credential or a permission is wrong.</summary>
    public const string ApiRefused = nameof(ApiRefused);

    /// <summary>The Kubernetes API did not answer. Retried.</summary>
    public const string ApiUnavailable = nameof(ApiUnavailable);

    /// <summary>An object of the Kubernetes API was changed by somebody else meanwhile. Retried.</summary>
    public const string ApiConflict = nameof(ApiConflict);

    /// <summary>A symmetric secret cannot be changed so: the kops version has none, its content does not allow it, or its source is missing.</summary>
    public const string SecretRefused = nameof(SecretRefused);

    /// <summary>This rotation kept no copy of the cluster's credentials in the worker's work directory.</summary>
    public const string BackupMissing = nameof(BackupMissing);

    /// <summary>A kept copy is not what was copied: files are missing or changed.</summary>
    public const string BackupDamaged = nameof(BackupDamaged);

    /// <summary>kops reported success, but what it was to delete is still there.</summary>
    public const string DeleteRefused = nameof(DeleteRefused);

    /// <summary>A host showed another key than the pinned one, or refused the login.</summary>
    public const string SshRefused = nameof(SshRefused);

    /// <summary>A host cannot be reached by SSH, or a command on it failed. Retried.</summary>
    public const string SshFailed = nameof(SshFailed);

    /// <summary>The call does not fit the state the rotation is in.</summary>
    public const string IllegalTransition = nameof(IllegalTransition);

    /// <summary>A check before the first change found an error. The message names each finding.</summary>
    public const string PreflightFailed = nameof(PreflightFailed);

    /// <summary>Another rotation holds the cluster's lock.</summary>
    public const string ClusterLocked = nameof(ClusterLocked);

    /// <summary>Not every cluster of a fleet, or of a policy, is rotated. The message names those that are not.</summary>
    public const string FleetIncomplete = nameof(FleetIncomplete);

    /// <summary>A roll was stopped at a node's boundary before its end.</summary>
    public const string RollStopped = nameof(RollStopped);

    /// <summary>The rotation was cancelled before it changed anything.</summary>
    public const string Cancelled = nameof(Cancelled);

    /// <summary>A person rejected the rotation at a gate.</summary>
    public const string Rejected = nameof(Rejected);

    /// <summary>The worker's configuration has no notifier of that name.</summary>
    public const string NotifierUnknown = nameof(NotifierUnknown);

    /// <summary>A file of keys that approvals are checked with cannot be read. Retried.</summary>
    public const string ApprovalKeysUnavailable = nameof(ApprovalKeysUnavailable);
    /// <summary>Types that no retry policy repeats, whoever threw them and however they are marked.</summary>
    public static IReadOnlyCollection<string> NeverRetried { get; } =
    [
        InvalidRequest, ClusterNotFound, StateStoreInvalid, KopsVersionUnknown, KopsUsage, KeysetUnreadable, KeysetUnknown, KeypairUnknown, KeypairDistrusted,
        KeypairIsPrimary, UnexpectedKeypair, DriftDetected, SinkUnknown, NotifierUnknown, DrainTimedOut, ReplacementMissing, CloudRefused, ApiRefused, SecretRefused, BackupMissing, BackupDamaged,
        DeleteRefused, SshRefused, IllegalTransition,
    ];

    /// <summary>Makes a failure that repeating cannot help.</summary>
    /// <param name="errorType">One of the constants of this class.</param>
    /// <param name="message">What failed, on what, what to do. Never a secret.</param>
    public static ApplicationFailureException Permanent(string errorType, string message) => new(message, errorType, nonRetryable: true);

    /// <summary>Makes a failure that may pass.</summary>
    /// <param name="errorType">One of the constants of this class.</param>
    /// <param name="message">What failed, on what. Never a secret.</param>
    /// <param name="inner">What caused it, already free of secrets.</param>
    public static ApplicationFailureException Passing(string errorType, string message, Exception? inner = null) => new(message, inner, errorType, nonRetryable: false);
}
