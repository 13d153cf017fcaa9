using Rotation.Activities.Hosting;
using Rotation.Activities.Keysets;
using Rotation.Activities.Kops;
using Rotation.Activities.Running;
using Rotation.Activities.Stores;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Legacy;

/// <summary>Deletes keysets and secrets by <c>kops delete secret</c>, one at a time, and looks whether they are gone.</summary>
internal sealed class CredentialDeletes(IKops kops, StateStores stores, ClusterLeases leases, RotationOptions options)
{
    private const string Certificate = ".crt";

    /// <summary>What there is to delete.</summary>
    public async Task<CredentialNames> ReadAsync(ClusterRef cluster, CancellationToken ct)
    {
        IReadOnlyList<string> hosts = options.Clusters.TryGetValue(cluster.Name, out ClusterOptions? special) ? [.. special.SshHosts.Select(h => h.Host).Order(StringComparer.Ordinal)] : [];
        return new(await KeysetsAsync(cluster, ct).ConfigureAwait(false), await SecretsAsync(cluster, ct).ConfigureAwait(false), hosts);
    }

    /// <summary>Deletes one.</summary>
    public async Task<DeletedCredential> DeleteAsync(DeleteCredentialInput input, CancellationToken ct)
    {
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, ct).ConfigureAwait(false);
        if (!await IsThereAsync(input, ct).ConfigureAwait(false))
            return new(WasThere: false);
        // kops refuses a name that has several.
        bool isKeypair = input.Kind == CredentialKind.Keypair;
        string kind = isKeypair ? "keypair" : "secret";
        IReadOnlyList<string> ids = isKeypair ? await IdsAsync(input, ct).ConfigureAwait(false) : [];
        if (isKeypair && ids.Count == 0 && await IsHalfDeletedAsync(input, ct).ConfigureAwait(false))
            throw RotationErrors.Permanent(RotationErrors.DeleteRefused, $"kops was ended in the midst of deleting the keypair '{input.Name}': its certificate is gone, its private key is not, and kops finds it no more; an update would use that key again. Go back; or delete pki/private/{input.Name} and pki/issued/{input.Name} from the state store by hand, and resume.");
        foreach (string[] id in ids.Count == 0 ? [[]] : ids.Select(i => new[] { i }))
        {
            var command = new KopsCommand { Arguments = ["delete", "secret", kind, input.Name, .. id], Deadline = lease.Limit(options.Deadlines.KopsChange), HeldLock = lease.KopsLock };
            await kops.RunAsync(input.Cluster, command, ct).ConfigureAwait(false);
        }

        return await IsThereAsync(input, ct).ConfigureAwait(false)
            ? throw RotationErrors.Permanent(RotationErrors.DeleteRefused, $"kops reported success, but the {kind} '{input.Name}' is still in the state store: this version of kops cannot delete it. The legacy procedure is for versions before 1.22.")
            : new(WasThere: true);
    }

    private async Task<bool> IsThereAsync(DeleteCredentialInput input, CancellationToken ct)
    {
        if (input.Kind != CredentialKind.Keypair)
            return (await SecretsAsync(input.Cluster, ct).ConfigureAwait(false)).Contains(input.Name);
        IStateStore store = stores.For(input.Cluster);
        return (await FoldersAsync(store, input.Cluster, ct).ConfigureAwait(false)).Contains(input.Name) && await HasKeypairsAsync(store, input.Cluster, input.Name, ct).ConfigureAwait(false);
    }

    private async Task<IReadOnlyList<string>> KeysetsAsync(ClusterRef cluster, CancellationToken ct)
    {
        IStateStore store = stores.For(cluster);
        List<string> there = [];
        foreach (string name in await FoldersAsync(store, cluster, ct).ConfigureAwait(false))
            if (await HasKeypairsAsync(store, cluster, name, ct).ConfigureAwait(false))
                there.Add(name);
        return there;
    }

    private static Task<IReadOnlyList<string>> FoldersAsync(IStateStore store, ClusterRef cluster, CancellationToken ct) => store.ListFoldersAsync($"{cluster.Name}/pki/private", ct);

    // What kops before 1.22 leaves of a keyset that it deleted are two files without keypairs. While one of them has some, it is there.
    private static async Task<bool> HasKeypairsAsync(IStateStore store, ClusterRef cluster, string name, CancellationToken ct) =>
        !await IsEmptiedAsync(store, KeysetReader.FileOf(cluster.Name, name), ct).ConfigureAwait(false) || !await IsEmptiedAsync(store, IssuedOf(cluster, name), ct).ConfigureAwait(false);

    private static string IssuedOf(ClusterRef cluster, string name) => $"{cluster.Name}/pki/issued/{name}/keyset.yaml";

    // Only kops before 1.22 has a file for each key, or empties a keyset.
    private async Task<bool> IsHalfDeletedAsync(DeleteCredentialInput input, CancellationToken ct)
    {
        IStateStore store = stores.For(input.Cluster);
        return await IsEmptiedAsync(store, IssuedOf(input.Cluster, input.Name), ct).ConfigureAwait(false)
            || (await store.ListFilesAsync($"{input.Cluster.Name}/pki/private/{input.Name}", ct).ConfigureAwait(false)).Any(p => p.EndsWith(".key", StringComparison.Ordinal));
    }

    private static async Task<bool> IsEmptiedAsync(IStateStore store, string path, CancellationToken ct) =>
        await store.ReadAsync(path, ct).ConfigureAwait(false) is { } content && KeysetFile.IsEmptied(content);

    // One file each beside the keyset's own, before kops 1.22.
    private async Task<IReadOnlyList<string>> IdsAsync(DeleteCredentialInput input, CancellationToken ct) =>
    [
        .. (await stores.For(input.Cluster).ListFilesAsync($"{input.Cluster.Name}/pki/issued/{input.Name}", ct).ConfigureAwait(false))
            .Where(p => p.EndsWith(Certificate, StringComparison.Ordinal)).Select(p => p.Split('/')[^1][..^Certificate.Length]),
    ];

    private async Task<IReadOnlyList<string>> SecretsAsync(ClusterRef cluster, CancellationToken ct) =>
        [.. (await stores.For(cluster).ListFilesAsync($"{cluster.Name}/secrets", ct).ConfigureAwait(false)).Select(p => p.Split('/')[^1])];
}
