using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Cluster;

/// <summary>
/// Reads at boot what a real node reads: <c>igconfig/ROLE/GROUP/nodeupconfig.yaml</c> for bundles and primaries, and, on the control plane, the private keys
/// of the named keypairs from their keysets.
/// </summary>
internal sealed class NodeMaterialReader(string clusterDirectory)
{
    private readonly ConcurrentDictionary<string, string> _files = new(StringComparer.Ordinal);

    /// <summary>The node configuration of a group as text, or null while <c>update cluster</c> has not written it.</summary>
    public string? Configuration(string group)
    {
        var root = Path.Combine(clusterDirectory, "igconfig");
        if (!Directory.Exists(root))
            return null;
        var file = Directory.EnumerateDirectories(root).Select(role => Path.Combine(role, group, "nodeupconfig.yaml")).FirstOrDefault(File.Exists);
        return file is null ? null : File.ReadAllText(file);
    }

    /// <summary>Changes whenever a group's configuration is written anew; null while there is none. Much cheaper than reading it.</summary>
    public (DateTime Written, long Length)? Stamp(string group)
    {
        if (_files.TryGetValue(group, out var known))
            return StampOf(known);
        var root = Path.Combine(clusterDirectory, "igconfig");
        var file = Directory.Exists(root) ? Directory.EnumerateDirectories(root).Select(role => Path.Combine(role, group, "nodeupconfig.yaml")).FirstOrDefault(File.Exists) : null;
        return file is null ? null : StampOf(_files[group] = file);
    }

    private static (DateTime Written, long Length)? StampOf(string file)
    {
        var info = new FileInfo(file);
        return info.Exists ? (info.LastWriteTimeUtc, info.Length) : null;
    }

    public NodeMaterial Read(string group, bool controlPlane)
    {
        var yaml = Yaml.Parse(Configuration(group)
            ?? throw new InvalidDataException($"The state store has no nodeupconfig.yaml for instance group '{group}'; run 'update cluster --yes' first."));
        var bundles = Yaml.Texts(yaml, "CAs").ToDictionary(e => e.Key, e => new TrustBundle(e.Value), StringComparer.Ordinal);
        var ids = Yaml.Texts(yaml, "KeypairIDs");
        if (!controlPlane)
            return new NodeMaterial { Bundles = bundles, KeypairIds = ids, Authorities = new Dictionary<string, Authority>() };

        var authorities = ids.Where(e => e.Key != NodeMaterial.ServiceAccount)
            .ToDictionary(e => e.Key, e => ReadAuthority(e.Key, e.Value), StringComparer.Ordinal);
        return new NodeMaterial { Bundles = bundles, KeypairIds = ids, Authorities = authorities, TokenKeys = ReadTokenKeys(yaml, ids), EncryptionKeys = EncryptionKeys.Read(clusterDirectory) };
    }

    private Authority ReadAuthority(string keyset, string id)
    {
        var (certificate, key) = ReadKeypair(keyset, id);
        return new Authority(id, certificate, key);
    }

    private TokenKeys ReadTokenKeys(YamlMappingNode yaml, IReadOnlyDictionary<string, string> ids)
    {
        var signer = RSA.Create();
        signer.ImportFromPem(ReadKeypair(NodeMaterial.ServiceAccount, ids[NodeMaterial.ServiceAccount]).Key);
        var pem = Yaml.Text(yaml, "APIServerConfig", "ServiceAccountPublicKeys") ?? Yaml.Text(yaml, "CAs", NodeMaterial.ServiceAccount)
            ?? throw new InvalidDataException("nodeupconfig.yaml names no service-account public keys.");
        return new TokenKeys(signer, PublicKeys(pem));
    }

    private static IEnumerable<RSA> PublicKeys(string pem)
    {
        for (ReadOnlyMemory<char> rest = pem.AsMemory(); PemEncoding.TryFind(rest.Span, out var found); rest = rest[found.Location.End..])
        {
            var block = rest.Span[found.Location].ToString();
            if (rest.Span[found.Label].ToString() == "CERTIFICATE")
            {
                using var certificate = X509Certificate2.CreateFromPem(block);
                yield return certificate.GetRSAPublicKey()!;
                continue;
            }

            var key = RSA.Create();
            key.ImportFromPem(block);
            yield return key;
        }
    }

    private (string Certificate, string Key) ReadKeypair(string keyset, string id)
    {
        var file = FileOf(keyset);
        // Its name before kops 1.22.
        if (keyset == NodeMaterial.KubernetesCa && !File.Exists(file))
            file = FileOf("ca");
        var keys = (YamlSequenceNode)((YamlMappingNode)Yaml.Parse(File.ReadAllText(file))["spec"])["keys"];
        var item = keys.Cast<YamlMappingNode>().FirstOrDefault(k => Yaml.Text(k, "id") == id)
            ?? throw new InvalidDataException($"Keyset '{keyset}' has no keypair {id}.");
        return (Decode(item, "publicMaterial"), Decode(item, "privateMaterial"));
    }

    private string FileOf(string keyset) => Path.Combine(clusterDirectory, "pki", "private", keyset, "keyset.yaml");

    private static string Decode(YamlMappingNode item, string field) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(Yaml.Text(item, field) ?? throw new InvalidDataException($"A keypair has no {field}.")));
}
