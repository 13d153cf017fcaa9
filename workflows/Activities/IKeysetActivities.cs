using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>
/// Changes one keyset at a time, always by keypair id, always after reading what is there. See
/// <see href="https://kops.sigs.k8s.io/operations/rotate-secrets/">kOps: rotating secrets</see>.
/// </summary>
public interface IKeysetActivities
{
    /// <summary>
    /// Creates one trusted, not primary keypair, or adopts the one that an earlier attempt of this rotation made: a keypair is ours when its id
    /// is not among <see cref="StageKeypairInput.KnownIds"/>. Never stages twice. Fails with <c>KeysetUnknown</c> or <c>UnexpectedKeypair</c>
    /// (more than one keypair appeared: somebody else is at work), not retried.
    /// </summary>
    [Activity]
    Task<StagedKeypair> StageKeypairAsync(StageKeypairInput input);

    /// <summary>Makes the keypair the primary. Done already: changes nothing. Fails with <c>KeypairUnknown</c>, <c>KeypairDistrusted</c> or <c>DriftDetected</c>, not retried.</summary>
    [Activity]
    Task<KeypairChange> PromoteKeypairAsync(KeypairInput input);

    /// <summary>Takes the keypair out of the trust stores. Done already: changes nothing. Fails with <c>KeypairUnknown</c> or <c>KeypairIsPrimary</c>, not retried.</summary>
    [Activity]
    Task<KeypairChange> DistrustKeypairAsync(KeypairInput input);

    /// <summary>Puts a distrusted keypair back into the trust stores. Done already: changes nothing. Fails with <c>KeypairUnknown</c>, not retried.</summary>
    [Activity]
    Task<KeypairChange> TrustKeypairAsync(KeypairInput input);
}

/// <summary>What to stage.</summary>
public sealed record StageKeypairInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Name of the keyset.</summary>
    public string Keyset { get; init; } = "";

    /// <summary>Ids of all keypairs, distrusted ones too, that the keyset had in the snapshot taken before the step.</summary>
    public IReadOnlyList<string> KnownIds { get; init; } = [];

    /// <summary>Policy for the new certificate, made by the worker and imported. Null: kops makes it, RSA 2048 for ten years.</summary>
    public KeypairPolicy? Policy { get; init; }

    /// <summary>
    /// Name of a keypair under <c>Rotation:SuppliedKeypairs</c> in the worker's configuration that is imported instead, after it was checked: a CA, its key fits, it is valid now,
    /// subject and key are new to the keyset. Null: none. Not together with <see cref="Policy"/>.
    /// </summary>
    public string? Supplied { get; init; }
}

/// <summary>Key algorithms that kops accepts for a CA.</summary>
public enum KeyAlgorithm
{
    /// <summary>RSA, 2048 bits.</summary>
    Rsa2048,

    /// <summary>RSA, 4096 bits.</summary>
    Rsa4096,

    /// <summary>ECDSA on P-256.</summary>
    EcdsaP256,

    /// <summary>ECDSA on P-384.</summary>
    EcdsaP384,
}

/// <summary>What a new CA shall be like.</summary>
public sealed record KeypairPolicy
{
    /// <summary>Key algorithm. Default RSA 2048.</summary>
    public KeyAlgorithm Algorithm { get; init; }

    /// <summary>Validity in days, 30 to 7300. Default 3650.</summary>
    public int LifetimeDays { get; init; } = 3650;
}

/// <summary>The keypair that was staged.</summary>
/// <param name="Keyset">Name of the keyset.</param>
/// <param name="KeypairId">Id of the new keypair.</param>
/// <param name="Fingerprint">SHA-256 of its certificate's DER form, lower-case hexadecimal.</param>
/// <param name="Adopted">True when an earlier attempt had made it.</param>
public sealed record StagedKeypair(string Keyset, string KeypairId, string Fingerprint, bool Adopted);

/// <summary>One keypair of one keyset.</summary>
public sealed record KeypairInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Name of the keyset.</summary>
    public string Keyset { get; init; } = "";

    /// <summary>Id of the keypair, decimal.</summary>
    public string KeypairId { get; init; } = "";
}

/// <summary>What happened to a keypair.</summary>
/// <param name="Changed">False when it already was as asked.</param>
/// <param name="PrimaryId">Id of the keyset's primary afterwards.</param>
public sealed record KeypairChange(bool Changed, string PrimaryId);
