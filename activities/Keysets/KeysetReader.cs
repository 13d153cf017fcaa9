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

    // Names before kops 1.22, which kops reads where there is none under the new one.
    private static readonly Dictionary<string, string> Older = new(StringComparer.Ordinal) { ["kubernetes-ca"] = "ca", [ServiceAccount] = "master" };

    /// <summary>Every keyset that kops can rotate, sorted by name; one of before kops 1.22 by its name since. Fails with <c>KeysetUnreadable</c> naming file and field, or <c>ClusterNotFound</c>.</summary>
    public async Task<KeysetList> ReadAllAsync(ClusterRef cluster, CancellationToken ct)
    {
        IStateStore store = stores.For(cluster);
        List<KeysetState> keysets = [];
        IReadOnlyList<string> folders = await store.ListFoldersAsync($"{cluster.Name}/pki/private", ct).ConfigureAwait(false);
        foreach (string name in folders.Where(CanRotate).Union(Older.Where(o => folders.Contains(o.Value)).Select(o => o.Key)).Order(StringComparer.Ordinal))
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
        (await FindAsync(stores.For(cluster), cluster, name, ct).ConfigureAwait(false)).Content is { } content
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
        (string stored, byte[]? content) = await FindAsync(store, cluster, name, ct).ConfigureAwait(false);
        return content is null || KeysetFile.IsEmptied(content) ? null : KeysetFile.Parse(FileOf(cluster.Name, stored), stored, content) with { Name = name };
    }

    private static async Task<(string Stored, byte[]? Content)> FindAsync(IStateStore store, ClusterRef cluster, string name, CancellationToken ct)
    {
        byte[]? content = await store.ReadAsync(FileOf(cluster.Name, name), ct).ConfigureAwait(false);
        return content is null && Older.TryGetValue(name, out string? older) ? (older, await store.ReadAsync(FileOf(cluster.Name, older), ct).ConfigureAwait(false)) : (name, content);
    }
}
