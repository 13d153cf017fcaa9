using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Activities.Stores;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Legacy;

/// <summary>Copies of a cluster's credentials, one a rotation: <c>WORK/backups/HASH</c> with a manifest that is written last and says that the copy is whole.</summary>
internal sealed class LegacyBackups(StateStores stores, ClusterLeases leases, RotationOptions options)
{
    private const string Manifest = "manifest.json";
    private static readonly string[] Folders = ["pki", "secrets"];

    /// <summary>Makes the copy unless this rotation has one.</summary>
    public async Task<BackupState> MakeAsync(ClusterRef cluster, CancellationToken ct)
    {
        // Beside another attempt, or a kops that a killed worker left, the copy would be of neither state.
        await using ClusterLease lease = await leases.AcquireAsync(cluster, ct).ConfigureAwait(false);
        string folder = FolderOf(cluster);
        if (await FindAsync(folder, ct).ConfigureAwait(false) is { } made)
            return StateOf(made);
        // What is there without a manifest is of an attempt that died.
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        PrivateFiles.CreateFolder(folder);
        IStateStore store = stores.For(cluster);
        var entries = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (string path in await PathsAsync(store, cluster, ct).ConfigureAwait(false))
        {
            byte[] content = await store.ReadAsync(path, ct).ConfigureAwait(false)
                ?? throw RotationErrors.Passing(RotationErrors.StateStoreUnavailable, $"'{path}' vanished from the state store while it was copied.");
            entries[path] = Hash(content);
            await PrivateFiles.CreateAsync(FileOf(folder, path), content, ct).ConfigureAwait(false);
        }

        if (entries.Count == 0)
            throw RotationErrors.Permanent(RotationErrors.ClusterNotFound, $"The state store '{stores.AddressOf(cluster)}' has no credentials of the cluster '{cluster.Name}'.");
        await PrivateFiles.CreateAsync(Path.Combine(folder, Manifest), JsonSerializer.SerializeToUtf8Bytes(entries), ct).ConfigureAwait(false);
        return StateOf(entries);
    }

    /// <summary>Puts the copy back and reads it back.</summary>
    public async Task<BackupState> PutBackAsync(ClusterRef cluster, CancellationToken ct)
    {
        await using ClusterLease lease = await leases.AcquireAsync(cluster, ct).ConfigureAwait(false);
        string folder = FolderOf(cluster);
        IReadOnlyDictionary<string, string> entries = await FindAsync(folder, ct).ConfigureAwait(false)
            ?? throw RotationErrors.Permanent(RotationErrors.BackupMissing, $"There is no copy of the credentials of '{cluster.Name}' by the rotation '{cluster.Rotation}' in {options.WorkDirectory}; was it made by a worker with another work directory?");
        // All of the copy is looked at before the first file is written.
        var contents = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach ((string path, string hash) in entries)
            contents[path] = await PrivateFiles.ReadAsync(FileOf(folder, path), ct).ConfigureAwait(false) is { } kept && Hash(kept) == hash
                ? kept
                : throw RotationErrors.Permanent(RotationErrors.BackupDamaged, $"The copy of '{path}' in {folder} is missing or changed. Nothing was put back.");
        IStateStoreRepair store = stores.ForRepair(cluster);
        foreach ((string path, byte[] content) in contents)
            if (await store.ReadAsync(path, ct).ConfigureAwait(false) is not { } present || !present.AsSpan().SequenceEqual(content))
                await store.PutBackAsync(path, content, ct).ConfigureAwait(false);
        foreach (string added in (await PathsAsync(store, cluster, ct).ConfigureAwait(false)).Where(p => !entries.ContainsKey(p)))
            await store.RemoveAsync(added, ct).ConfigureAwait(false);
        await CheckAsync(store, cluster, entries, ct).ConfigureAwait(false);
        return StateOf(entries);
    }

    private static async Task CheckAsync(IStateStore store, ClusterRef cluster, IReadOnlyDictionary<string, string> entries, CancellationToken ct)
    {
        foreach ((string path, string hash) in entries)
            if (await store.ReadAsync(path, ct).ConfigureAwait(false) is not { } present || Hash(present) != hash)
                throw RotationErrors.Passing(RotationErrors.StateStoreUnavailable, $"'{path}' was put back, but the state store gives back something else.");
        if ((await PathsAsync(store, cluster, ct).ConfigureAwait(false)).Except(entries.Keys).FirstOrDefault() is { } stray)
            throw RotationErrors.Passing(RotationErrors.StateStoreUnavailable, $"'{stray}' was deleted, but is still in the state store.");
    }

    private static async Task<IReadOnlyList<string>> PathsAsync(IStateStore store, ClusterRef cluster, CancellationToken ct)
    {
        List<string> paths = [];
        foreach (string folder in Folders)
            paths.AddRange(await store.ListFilesAsync($"{cluster.Name}/{folder}", ct).ConfigureAwait(false));
        return paths;
    }

    private static async Task<IReadOnlyDictionary<string, string>?> FindAsync(string folder, CancellationToken ct) =>
        await PrivateFiles.ReadAsync(Path.Combine(folder, Manifest), ct).ConfigureAwait(false) is { } manifest ? JsonSerializer.Deserialize<SortedDictionary<string, string>>(manifest) : null;

    private static BackupState StateOf(IReadOnlyDictionary<string, string> entries) =>
        new(entries.Count, Hash(Encoding.UTF8.GetBytes(string.Join('\n', entries.Select(e => $"{e.Value} {e.Key}")))));

    private string FolderOf(ClusterRef cluster) => Path.Combine(options.WorkDirectory, "backups", Hash(Encoding.UTF8.GetBytes($"{stores.AddressOf(cluster)}\n{cluster.Name}\n{cluster.Rotation}"))[..32]);

    private static string FileOf(string folder, string path) => Path.Combine(folder, Hash(Encoding.UTF8.GetBytes(path)) + ".kept");

    private static string Hash(byte[] content) => Convert.ToHexStringLower(SHA256.HashData(content));
}
