using System.Security.Cryptography;
using Rotation.Activities.Stores;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;

namespace Rotation.Activities.Keysets;

/// <summary>Reads keysets from the state store itself, independent of kops: what kops did is judged by what it wrote.</summary>
internal sealed class KeysetReader(StateStores stores, TimeProvider clock)
{
    /// <summary>The keyset whose keys sign tokens and no certificates.</summary>
    public const string ServiceAccount = "service-account";

    /// <summary>Every keyset that kops can rotate, sorted by name. Fails with <c>KeysetUnreadable</c> naming file and field, or <c>ClusterNotFound</c>.</summary>
    public async Task<KeysetList> ReadAllAsync(ClusterRef cluster, CancellationToken ct)
    {
        IStateStore store = stores.For(cluster);
        List<KeysetState> keysets = [];
        foreach (string name in (await store.ListFoldersAsync($"{cluster.Name}/pki/private", ct).ConfigureAwait(false)).Where(CanRotate))
            if (await ReadAsync(store, cluster, name, ct).ConfigureAwait(false) is { } keyset)
                keysets.Add(keyset);
        return keysets.Count > 0
            ? new(keysets) { Warnings = [.. Expiry.Warnings(keysets, clock.GetUtcNow())] }
            : throw RotationErrors.Permanent(RotationErrors.ClusterNotFound, $"The state store '{stores.AddressOf(cluster)}' has no keysets of the cluster '{cluster.Name}'.");
    }

    /// <summary>One keyset. Fails with <c>KeysetUnknown</c> or <c>KeysetUnreadable</c>.</summary>
    public async Task<KeysetState> ReadAsync(ClusterRef cluster, string name, CancellationToken ct)
    {
        KeysetState? keyset = CanRotate(name) ? await ReadAsync(stores.For(cluster), cluster, name, ct).ConfigureAwait(false) : null;
        return keyset ?? throw Unknown(cluster, name);
    }

    /// <summary>SHA-256 of a keyset's file: tells whether it changed without parsing it. Fails with <c>KeysetUnknown</c>.</summary>
    public async Task<string> StampAsync(ClusterRef cluster, string name, CancellationToken ct) =>
        await stores.For(cluster).ReadAsync(FileOf(cluster.Name, name), ct).ConfigureAwait(false) is { } content
            ? Convert.ToHexStringLower(SHA256.HashData(content))
            : throw Unknown(cluster, name);

    /// <summary>The file of a keyset, below the root of the store.</summary>
    public static string FileOf(string cluster, string name) => $"{cluster}/pki/private/{name}/keyset.yaml";

    // kops' own rule: https://github.com/kubernetes/kops, "rotatableKeysetFilter".
    public static bool CanRotate(string name) => name == ServiceAccount || (name.Contains("-ca", StringComparison.Ordinal) && !name.Contains('/', StringComparison.Ordinal));

    private static ApplicationFailureException Unknown(ClusterRef cluster, string name) =>
        RotationErrors.Permanent(RotationErrors.KeysetUnknown, $"The cluster '{cluster.Name}' has no keyset '{name}' that kops can rotate.");

    private static async Task<KeysetState?> ReadAsync(IStateStore store, ClusterRef cluster, string name, CancellationToken ct)
    {
        string file = FileOf(cluster.Name, name);
        return await store.ReadAsync(file, ct).ConfigureAwait(false) is { } content ? KeysetFile.Parse(file, name, content) : null;
    }
}
