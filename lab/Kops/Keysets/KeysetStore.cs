using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Keysets;

/// <summary>The keysets of one cluster. As in kops, nothing guards against another operator between a read and a write.</summary>
internal sealed class KeysetStore(IStateFiles files, string cluster, Klog log)
{
    private const string Source = "vfs_castore.go";

    // The order in which a new cluster's map of keysets comes out when it starts at its beginning.
    private static readonly string[] MapOrder =
    [
        "kubernetes-ca", "service-account", "apiserver-aggregator-ca", "etcd-clients-ca",
        "etcd-manager-ca-events", "etcd-manager-ca-main", "etcd-peers-ca-events", "etcd-peers-ca-main",
    ];

    // Names before kops 1.22, still read where the new one is not there.
    private static readonly Dictionary<string, string> Older = new(StringComparer.Ordinal) { ["service-account"] = "master", ["kubernetes-ca"] = "ca" };

    /// <summary>The keysets of a cluster before kops 1.22, which <c>update cluster</c> makes.</summary>
    public static IReadOnlyList<string> OlderNames { get; } = [.. MapOrder.Select(n => n == "kubernetes-ca" ? Older[n] : n)];

    /// <summary>The same, the cluster's CA by the name that it has since kops 1.22.</summary>
    public static StoredKeyset UnderItsNewName(StoredKeyset keyset) => keyset.Name == Older["kubernetes-ca"] ? keyset with { Name = "kubernetes-ca" } : keyset;

    private string Folder => $"{cluster}/pki/private";

    /// <summary>The keyset, under its older name where there is none under its own; null when there is neither.</summary>
    public async Task<StoredKeyset?> FindAsync(string name)
    {
        if (await LoadAsync(name).ConfigureAwait(false) is { } found)
            return found;
        if (name == "kubernetes-ca")
            log.Warning($"{Source}:383", "CA private key was not found");
        return Older.TryGetValue(name, out string? older) && await LoadAsync(older).ConfigureAwait(false) is { } old ? old with { Name = name } : null;
    }

    /// <summary>Writes a keyset. Fails as kops does on one that cannot sign.</summary>
    /// <param name="keyset">The keyset.</param>
    /// <param name="doing">What kops says it does, in its errors.</param>
    public Task StoreAsync(StoredKeyset keyset, string doing)
    {
        if (keyset.Find(keyset.PrimaryId) is not { } primary)
            throw new KopsError($"{doing}: keyset must have a primary key");
        string? lacks = primary switch
        {
            { IsTrusted: false } => "must not be distrusted",
            { PrivateKey: null } => "must have a private key",
            { Certificate.Length: 0 } => "must have a certificate",
            _ => null,
        };
        return lacks is null ? files.WriteAsync(PathOf(keyset.Name), KeysetYaml.Write(keyset)) : throw new KopsError($"{doing}: keyset's primary id {GoText.Quoted(keyset.PrimaryId)} {lacks}");
    }

    /// <summary>Writes a keyset as kops before 1.22 did: without primary, certificates by themselves too, and one file a key and a certificate.</summary>
    public async Task StoreOlderAsync(StoredKeyset keyset)
    {
        foreach ((string kind, bool keys) in new[] { ("private", true), ("issued", false) })
        {
            string folder = $"{cluster}/pki/{kind}/{keyset.Name}", ending = keys ? "key" : "crt";
            string[] gone = [.. (await files.ListAsync(folder).ConfigureAwait(false)).Where(p => p.EndsWith($".{ending}", StringComparison.Ordinal) && keyset.Find(Path.GetFileNameWithoutExtension(p)) is null)];
            foreach (string path in gone)
                await files.DeleteAsync(path).ConfigureAwait(false);
            await files.WriteAsync($"{folder}/keyset.yaml", KeysetYaml.WriteOlder(keyset, keys)).ConfigureAwait(false);
            foreach (StoredKeypair keypair in keyset.Keypairs)
                await files.WriteAsync($"{folder}/{keypair.Id}.{ending}", keys ? keypair.PrivateKey! : keypair.Certificate).ConfigureAwait(false);
        }
    }

    /// <summary>Ids that kops before 1.22 lists of a keyset: of its certificates, by their files.</summary>
    public async Task<IReadOnlyList<string>> OlderIdsAsync(string name) =>
        [.. (await files.ListAsync($"{cluster}/pki/issued/{name}").ConfigureAwait(false)).Where(p => p.EndsWith(".crt", StringComparison.Ordinal)).Select(p => Path.GetFileNameWithoutExtension(p))];

    /// <summary>Every keyset that can be read, in kops' order under <c>all</c>: that of a Go map, which begins anywhere.</summary>
    /// <param name="doing">What kops says it does, in its errors.</param>
    public async Task<IReadOnlyList<StoredKeyset>> AllAsync(string doing)
    {
        if (files.WhyNotListed(Folder) is { } missing)
            throw new KopsError($"{doing}: error reading directory {GoText.Quoted(files.Shown(Folder))}: {missing}");
        List<StoredKeyset> keysets = [];
        foreach (string name in Shuffled((await files.ListAsync(Folder).ConfigureAwait(false)).Where(p => p.EndsWith("/keyset.yaml", StringComparison.Ordinal) && p.Count(c => c == '/') == Folder.Count(c => c == '/') + 2).Select(p => p.Split('/')[^2])))
        {
            try
            {
                if (await LoadAsync(name).ConfigureAwait(false) is { } keyset)
                    keysets.Add(keyset);
            }
            catch (KopsError e)
            {
                log.Warning($"{Source}:264", $"ignoring keyset {GoText.Quoted(name)}: {e.Message}");
            }
        }

        return keysets;
    }

    private static string[] Shuffled(IEnumerable<string> all)
    {
        string[] names = [.. all.OrderBy(n => Array.IndexOf(MapOrder, n) is >= 0 and var at ? at : MapOrder.Length).ThenBy(n => n, StringComparer.Ordinal)];
        int start = Random.Shared.Next(Math.Max(names.Length, 1));
        return [.. names[start..], .. names[..start]];
    }

    private async Task<StoredKeyset?> LoadAsync(string name)
    {
        if (await files.ReadAsync(PathOf(name)).ConfigureAwait(false) is not { } text)
            return null;
        try
        {
            return KeysetYaml.Read(name, text);
        }
        catch (Exception e) when (e is YamlDotNet.Core.YamlException or InvalidCastException or FormatException or InvalidOperationException or ArgumentOutOfRangeException)
        {
            throw new KopsError($"error parsing bundle {GoText.Quoted(files.Shown($"{Folder}/{name}"))}: error parsing keyset: the lab's kops cannot read it");
        }
    }

    private string PathOf(string name) => $"{Folder}/{name}/keyset.yaml";
}
