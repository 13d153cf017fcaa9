namespace Rotation.Lab.Cluster;

/// <summary>What a node learns at boot and keeps until it is replaced: trust bundles, the ids of the primaries and, on the control plane, their private keys.</summary>
internal sealed record NodeMaterial
{
    public const string KubernetesCa = "kubernetes-ca";
    public const string ServiceAccount = "service-account";

    /// <summary>Bundles by keyset name.</summary>
    public required IReadOnlyDictionary<string, TrustBundle> Bundles { get; init; }

    /// <summary>Primaries by keyset name.</summary>
    public required IReadOnlyDictionary<string, string> KeypairIds { get; init; }

    /// <summary>Issuing keypairs by keyset name; empty on a worker.</summary>
    public required IReadOnlyDictionary<string, Authority> Authorities { get; init; }

    /// <summary>Keys of service-account tokens; null on a worker.</summary>
    public TokenKeys? TokenKeys { get; init; }

    /// <summary>What its API server encrypts Secrets with, the key that writes first; <see cref="Cluster.EncryptionKeys.Identity"/> alone on a worker.</summary>
    public IReadOnlyList<string> EncryptionKeys { get; init; } = [Cluster.EncryptionKeys.Identity];

    public TrustBundle Ca => Bundles[KubernetesCa];

    /// <summary>Names of the etcd clusters that the node has CAs for, such as <c>main</c>.</summary>
    public IEnumerable<string> EtcdClusters =>
        KeypairIds.Keys.Where(k => k.StartsWith("etcd-peers-ca-", StringComparison.Ordinal)).Select(k => k["etcd-peers-ca-".Length..]);
}
