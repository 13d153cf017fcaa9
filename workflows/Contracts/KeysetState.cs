namespace Rotation.Workflows.Contracts;

/// <summary>A keyset as it stands in the state store: its keypairs by id, without any private material.</summary>
public sealed record KeysetState
{
    /// <summary>Name, such as <c>kubernetes-ca</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Id of the keypair that signs now.</summary>
    public string PrimaryId { get; init; } = "";

    /// <summary>All keypairs, distrusted ones too, oldest id first.</summary>
    public IReadOnlyList<KeypairState> Keypairs { get; init; } = [];

    /// <summary>Items of the stored file that carry no certificate or key and that nothing can trust.</summary>
    public int StrayItems { get; init; }

    /// <summary>For <c>service-account</c>: the public keys that verifiers of tokens find at the issuer, the signing one first. Empty for other keysets.</summary>
    public IReadOnlyList<JwksKey> Jwks { get; init; } = [];

    /// <summary>Ids of the keypairs that are in the trust stores, oldest first.</summary>
    public IEnumerable<string> TrustedIds() => Keypairs.Where(k => !k.Distrusted).Select(k => k.Id);
}

/// <summary>One keypair of a keyset.</summary>
public sealed record KeypairState
{
    /// <summary>Decimal id of up to 28 digits; ids grow with time and are compared as numbers.</summary>
    public string Id { get; init; } = "";

    /// <summary>True when it was taken out of the trust stores.</summary>
    public bool Distrusted { get; init; }

    /// <summary>SHA-256 of the certificate's DER form, lower-case hexadecimal.</summary>
    public string Fingerprint { get; init; } = "";

    /// <summary>Subject of the certificate as kops prints it.</summary>
    public string Subject { get; init; } = "";

    /// <summary>Start of validity, UTC.</summary>
    public DateTimeOffset NotBefore { get; init; }

    /// <summary>End of validity, UTC.</summary>
    public DateTimeOffset NotAfter { get; init; }

    /// <summary>True when the store holds the private key, so that the keypair can be promoted.</summary>
    public bool HasPrivateKey { get; init; }
}

/// <summary>One key of the JSON Web Key Set that the API server publishes.</summary>
/// <param name="KeypairId">Id of its keypair.</param>
/// <param name="Kid">Key id in the header of tokens that it signed: SHA-256 of the public key's DER form, base64url, as Kubernetes makes it.</param>
/// <param name="Algorithm">Signature algorithm, such as <c>RS256</c>.</param>
public sealed record JwksKey(string KeypairId, string Kid, string Algorithm);

/// <summary>All keysets that were read, sorted by name.</summary>
/// <param name="Keysets">The keysets.</param>
public sealed record KeysetList(IReadOnlyList<KeysetState> Keysets)
{
    /// <summary>Trusted certificates that have expired or soon will, in words.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];
}
