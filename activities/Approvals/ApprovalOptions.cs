namespace Rotation.Activities.Approvals;

/// <summary>
/// Whose signatures count at gates. Bound from the section <c>Rotation:Approvals</c>. Everything comes from files: the worker asks no network for keys. Files are read at each approval,
/// so a replaced file counts at once.
/// </summary>
public sealed class ApprovalOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Rotation:Approvals";

    /// <summary>True: an approval without a valid token does not count. Default false: the name that the caller gives is believed, as Temporal let them in.</summary>
    public bool Required { get; set; }

    /// <summary>Longest time between making and expiry of a token. Default one hour; more than 0, at most a day.</summary>
    public TimeSpan MaxLifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How far the clocks of signer and worker may differ. Default one minute; at most five.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// People with an Ed25519 key of their own, by name as they approve: absolute paths of their public keys in PEM (<c>openssl pkey -pubout</c>). More than one while a key is replaced.
    /// </summary>
    public IDictionary<string, IList<string>> Approvers { get; } = new Dictionary<string, IList<string>>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Identity providers whose OIDC tokens count, by any name.</summary>
    public IDictionary<string, IssuerOptions> Issuers { get; } = new Dictionary<string, IssuerOptions>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>One identity provider.</summary>
public sealed class IssuerOptions
{
    /// <summary>The <c>iss</c> of its tokens, exactly.</summary>
    public string Issuer { get; set; } = "";

    /// <summary>The <c>aud</c> that tokens must be for: a client of its own for approvals, so that a token for another service approves nothing.</summary>
    public string Audience { get; set; } = "";

    /// <summary>Absolute path of its JSON Web Key Set (RFC 7517).</summary>
    public string JwksFile { get; set; } = "";

    /// <summary>Claim that names the person. Default <c>email</c>, which must not be marked as unverified.</summary>
    public string ApproverClaim { get; set; } = "email";

    /// <summary>People who may approve. This or <see cref="Groups"/> is required: not everybody with an account is an approver.</summary>
    public IList<string> Approvers { get; } = [];

    /// <summary>Values of the claim <c>groups</c> whose members may approve.</summary>
    public IList<string> Groups { get; } = [];
}
