using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Keysets;

/// <summary>The keysets of one cluster. As in kops, nothing guards against another operator between a read and a write.</summary>
internal sealed class KeysetStore(IStateFiles files, string cluster)
{
    // The order in which a new cluster's map of keysets comes out when it starts at its beginning.
    private static readonly string[] MapOrder =
    [
        "kubernetes-ca", "service-account", "apiserver-aggregator-ca", "etcd-clients-ca",
        "etcd-manager-ca-events", "etcd-manager-ca-main", "etcd-peers-ca-events", "etcd-peers-ca-main",
    ];

    public async Task<StoredKeyset?> FindAsync(string name) =>
        await files.ReadAsync(PathOf(name)).ConfigureAwait(false) is { } text ? KeysetYaml.Read(name, text) : null;

    public Task StoreAsync(StoredKeyset keyset) => files.WriteAsync(PathOf(keyset.Name), KeysetYaml.Write(keyset));

    public async Task<IReadOnlyList<string>> NamesAsync() =>
        [.. (await files.ListAsync($"{cluster}/pki/private").ConfigureAwait(false)).Where(p => p.EndsWith("/keyset.yaml", StringComparison.Ordinal)).Select(p => p.Split('/')[^2])];

    /// <summary>The names in kops' order under <c>all</c>: that of a Go map, which begins anywhere.</summary>
    public async Task<IReadOnlyList<string>> ShuffledAsync()
    {
        string[] names = [.. (await NamesAsync().ConfigureAwait(false)).OrderBy(n => Array.IndexOf(MapOrder, n) is >= 0 and var at ? at : MapOrder.Length).ThenBy(n => n, StringComparer.Ordinal)];
        int start = Random.Shared.Next(Math.Max(names.Length, 1));
        return [.. names[start..], .. names[..start]];
    }

    /// <summary>Every keyset, in the order of <see cref="ShuffledAsync"/>.</summary>
    public async Task<IReadOnlyList<StoredKeyset>> AllAsync()
    {
        List<StoredKeyset> keysets = [];
        foreach (string name in await ShuffledAsync().ConfigureAwait(false))
            keysets.Add((await FindAsync(name).ConfigureAwait(false))!);
        return keysets;
    }

    private string PathOf(string name) => $"{cluster}/pki/private/{name}/keyset.yaml";
}
