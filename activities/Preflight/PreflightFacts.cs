using System.Text.Json;
using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight;

/// <summary>What was read before a rotation. A part that could not be read is null.</summary>
internal sealed record PreflightFacts
{
    /// <summary>What is going to be done.</summary>
    public required PreflightInput Input { get; init; }

    /// <summary>Time of the look, by the worker's clock.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The cluster's specification.</summary>
    public SpecFacts? Spec { get; init; }

    /// <summary>The state store.</summary>
    public KeystoreFacts? Keystore { get; init; }

    /// <summary>What an update would change now.</summary>
    public UpdatePreview? Update { get; init; }

    /// <summary>Instances as kops sees them.</summary>
    public IReadOnlyList<InstanceState>? Instances { get; init; }

    /// <summary>The cluster's own API.</summary>
    public KubernetesFacts? Kubernetes { get; init; }

    /// <summary>What the servers of the cluster serve.</summary>
    public IReadOnlyList<ServedCertificate>? Served { get; init; }

    /// <summary>The cloud.</summary>
    public CloudFacts? Cloud { get; init; }

    /// <summary>The sinks that will get kubeconfigs.</summary>
    public IReadOnlyList<SinkFacts>? Sinks { get; init; }

    /// <summary>The worker itself.</summary>
    public WorkerFacts? Worker { get; init; }

    /// <summary>Keysets that will be rotated, of those that were read.</summary>
    public IEnumerable<KeysetState> Chosen() =>
        (Keystore?.Keysets ?? []).Where(k => Input.Keysets.Count == 0 || Input.Keysets.Contains("all") || Input.Keysets.Contains(k.Name));

    /// <summary>True when the keyset is among those that will be rotated.</summary>
    public bool Rotates(string keyset) => Input.Keysets.Count == 0 || Input.Keysets.Contains("all") || Input.Keysets.Contains(keyset);
}

/// <summary>The specification through kops.</summary>
/// <param name="Cluster">The cluster's object.</param>
/// <param name="Groups">The instance groups' objects.</param>
/// <param name="KopsVersion">Version of the worker's kops.</param>
/// <param name="LastUpdatedBy">Version of the kops that last updated the cluster; empty when unknown.</param>
internal sealed record SpecFacts(JsonElement Cluster, IReadOnlyList<JsonElement> Groups, string KopsVersion, string LastUpdatedBy);

/// <summary>The state store, independent of kops.</summary>
/// <param name="Keysets">Keysets that kops can rotate.</param>
/// <param name="OtherEntries">Other folders beside them.</param>
/// <param name="SuppliedProblems">What speaks against the supplied keypair, a sentence each.</param>
/// <param name="Versioned">Whether the bucket keeps old versions; null when unknown or no bucket.</param>
internal sealed record KeystoreFacts(IReadOnlyList<KeysetState> Keysets, IReadOnlyList<string> OtherEntries, IReadOnlyList<string> SuppliedProblems, bool? Versioned);

/// <summary>The cluster's own API.</summary>
internal sealed record KubernetesFacts
{
    /// <summary>Node objects.</summary>
    public IReadOnlyList<V1Node> Nodes { get; init; } = [];

    /// <summary>Pods of all namespaces.</summary>
    public IReadOnlyList<V1Pod> Pods { get; init; } = [];

    /// <summary>PodDisruptionBudgets of all namespaces.</summary>
    public IReadOnlyList<V1PodDisruptionBudget> Budgets { get; init; } = [];

    /// <summary>Secrets that hold a service-account token, as <c>namespace/name</c>.</summary>
    public IReadOnlyList<string> TokenSecrets { get; init; } = [];

    /// <summary>Webhooks that intercept pods and refuse them when they do not answer.</summary>
    public IReadOnlyList<string> FailClosedWebhooks { get; init; } = [];

    /// <summary>Actions that the worker's credential is not allowed, such as <c>create pods/eviction</c>.</summary>
    public IReadOnlyList<string> Denied { get; init; } = [];

    /// <summary>Time by the API server's clock, or null when it did not say.</summary>
    public DateTimeOffset? ServerTime { get; init; }
}

/// <summary>A certificate that a server of the cluster serves.</summary>
/// <param name="Node">Node name.</param>
/// <param name="Component"><c>kube-apiserver</c> or <c>kubelet</c>.</param>
/// <param name="NotAfter">End of its validity.</param>
/// <param name="Issuer">Id of the keypair that issued it; empty when unknown.</param>
internal sealed record ServedCertificate(string Node, string Component, DateTimeOffset NotAfter, string Issuer);

/// <summary>The cloud.</summary>
/// <param name="Groups">Instance groups as the cloud has them.</param>
/// <param name="FreeAddresses">Free addresses by subnet; null when the cloud did not say.</param>
/// <param name="InstanceLimit">Instances that the account may run in the region; null when the cloud did not say.</param>
/// <param name="InstancesRunning">Instances of this cluster.</param>
/// <param name="Denied">Actions that the worker's identity is not allowed.</param>
internal sealed record CloudFacts(IReadOnlyList<CloudGroup> Groups, IReadOnlyDictionary<string, int>? FreeAddresses, int? InstanceLimit, int InstancesRunning, IReadOnlyList<string> Denied);

/// <summary>A sink as it is now.</summary>
/// <param name="Name">Name.</param>
/// <param name="Unreachable">Why it cannot be read, or null.</param>
/// <param name="IsKubeconfig">False when it holds something else.</param>
/// <param name="CaFingerprints">CA certificates of the cluster in it; empty when it holds none.</param>
internal sealed record SinkFacts(string Name, string? Unreachable, bool IsKubeconfig, IReadOnlyList<string> CaFingerprints);

/// <summary>The worker itself.</summary>
/// <param name="WorkDirectory">Its folder for locks and kept copies.</param>
/// <param name="Unwritable">Why the folder cannot be written, or null.</param>
/// <param name="Volatile">True when the folder is lost when the host restarts.</param>
/// <param name="FreeBytes">Free bytes there.</param>
/// <param name="SessionToken">True when the worker runs with a cloud session from its environment, which nobody renews.</param>
/// <param name="SessionEnds">When that session ends, where the environment says so.</param>
internal sealed record WorkerFacts(string WorkDirectory, string? Unwritable, bool Volatile, long FreeBytes, bool SessionToken, DateTimeOffset? SessionEnds)
{
    /// <summary>Names of the notifiers in its configuration.</summary>
    public IReadOnlyCollection<string> Notifiers { get; init; } = [];
}
