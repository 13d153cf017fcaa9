using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Exports kubeconfigs with kops, delivers them to the named sinks, reads them back, and puts the previous ones back.</summary>
public interface IKubeconfigActivities
{
    /// <summary>
    /// Exports, delivers to every sink and reads back. What was exported is kept too, so that a retry delivers the same content and issues no second certificate; a sink that holds it
    /// already is not written again. The content that a sink had before this rotation's delivery of this step is kept once, for the way back; a retry never overwrites that copy.
    /// Content never enters the result: references and SHA-256 only. Fails with <c>SinkUnknown</c> or <c>ReadBackMismatch</c>.
    /// </summary>
    [Activity]
    Task<DeliveryResult> DeliverKubeconfigAsync(DeliverKubeconfigInput input);

    /// <summary>Puts the content that each sink had before the delivery back, byte for byte; a sink that had none loses the file. Idempotent.</summary>
    [Activity]
    Task<DeliveryResult> RestoreKubeconfigAsync(RestoreKubeconfigInput input);

    /// <summary>Overwrites and deletes everything that was kept for the ways back of this rotation. For its very end: afterwards nothing of it can be restored. Idempotent.</summary>
    [Activity]
    Task<ForgetResult> ForgetKeptAsync(ClusterRef cluster);
}

/// <summary>What was forgotten.</summary>
/// <param name="Copies">Copies that were deleted; 0 when an earlier attempt did.</param>
public sealed record ForgetResult(int Copies);

/// <summary>What a kubeconfig carries.</summary>
public enum KubeconfigKind
{
    /// <summary>The CA bundle; the users of the sink's present content are kept.</summary>
    Ca,

    /// <summary>The CA bundle and a new admin client certificate.</summary>
    Admin,
}

/// <summary>What to deliver.</summary>
public sealed record DeliverKubeconfigInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Step that delivers, such as <c>2-export-ca</c>: names the kept copy.</summary>
    public string Step { get; init; } = "";

    /// <summary>What the kubeconfig carries.</summary>
    public KubeconfigKind Kind { get; init; }

    /// <summary>Lifetime of the admin certificate. Used with <see cref="KubeconfigKind.Admin"/> only.</summary>
    public KopsDuration AdminTtl { get; init; }

    /// <summary>True: with the cluster's internal name of the API. Default false.</summary>
    public bool Internal { get; init; }

    /// <summary>Name of an existing user entry that the cluster's context shall use, or null: the cluster's own.</summary>
    public string? User { get; init; }

    /// <summary>Names of sinks in the worker's configuration. Empty: the worker's default sinks.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];

    /// <summary>Fingerprints of exactly the CA certificates that must be in the bundle when it is read back.</summary>
    public IReadOnlyList<string> ExpectedCaFingerprints { get; init; } = [];
}

/// <summary>What to put back.</summary>
public sealed record RestoreKubeconfigInput
{
    /// <summary>The cluster.</summary>
    public ClusterRef Cluster { get; init; } = new();

    /// <summary>Step whose delivery is taken back.</summary>
    public string Step { get; init; } = "";

    /// <summary>Names of the sinks that the delivery of that step named.</summary>
    public IReadOnlyList<string> Sinks { get; init; } = [];
}

/// <summary>What each sink holds now.</summary>
/// <param name="Deliveries">One entry a sink, in the order asked.</param>
public sealed record DeliveryResult(IReadOnlyList<Delivery> Deliveries);

/// <summary>What one sink holds now.</summary>
public sealed record Delivery
{
    /// <summary>Name of the sink.</summary>
    public string Sink { get; init; } = "";

    /// <summary>SHA-256 of the content read back, lower-case hexadecimal; empty when the sink holds nothing.</summary>
    public string Sha256 { get; init; } = "";

    /// <summary>SHA-256 of the content kept for the way back; empty when the sink held nothing.</summary>
    public string PreviousSha256 { get; init; } = "";

    /// <summary>Fingerprints of the CA certificates in the content read back.</summary>
    public IReadOnlyList<string> CaFingerprints { get; init; } = [];

    /// <summary>End of validity of the admin certificate in the content, when there is one.</summary>
    public DateTimeOffset? AdminNotAfter { get; init; }
}
