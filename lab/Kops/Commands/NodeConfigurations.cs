using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.Pki;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary>What the nodes of each instance group read when they boot: <c>igconfig/ROLE/GROUP/nodeupconfig.yaml</c>.</summary>
internal static class NodeConfigurations
{
    private const string ServiceAccount = "service-account";

    /// <summary>Path and content of each, by instance group.</summary>
    public static async Task<IReadOnlyDictionary<string, (string Path, string Content)>> MakeAsync(IStateFiles files, string cluster, Klog log)
    {
        IEnumerable<StoredKeyset> stored = await new KeysetStore(files, cluster, log).AllAsync("error listing keysets").ConfigureAwait(false);
        IReadOnlyList<StoredKeyset> keysets = [.. stored.Where(k => k.Keypairs.Count > 0).Select(KeysetStore.UnderItsNewName).OrderBy(k => k.Name, StringComparer.Ordinal)];
        string? encryption = await files.ReadAsync($"{cluster}/secrets/encryptionconfig").ConfigureAwait(false);
        var made = new Dictionary<string, (string, string)>(StringComparer.Ordinal);
        foreach (JsonObject group in await GetInstanceGroups.ReadAsync(files, cluster).ConfigureAwait(false))
        {
            bool controlPlane = GetInstanceGroups.RoleOf(group) == "ControlPlane";
            string name = GetInstanceGroups.NameOf(group);
            JsonObject content = controlPlane ? ControlPlane(keysets, encryption) : Node(keysets);
            made[name] = ($"{cluster}/igconfig/{(controlPlane ? "control-plane" : "node")}/{name}/nodeupconfig.yaml", GoYaml.Text(content));
        }

        return made;
    }

    private static JsonObject ControlPlane(IReadOnlyList<StoredKeyset> keysets, string? encryption)
    {
        var server = new JsonObject { ["ServiceAccountPublicKeys"] = string.Concat(keysets.Where(k => k.Name == ServiceAccount).SelectMany(k => k.Keypairs).Where(k => k.IsTrusted && k.Certificate.Length > 0).Select(PublicKey)) };
        if (encryption is not null)
            server["EncryptionConfigSecretHash"] = Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(encryption)));
        JsonObject content = Material(keysets.Where(k => k.Name != ServiceAccount), keysets);
        content["APIServerConfig"] = server;
        return content;
    }

    private static JsonObject Node(IReadOnlyList<StoredKeyset> keysets)
    {
        StoredKeyset[] ca = [.. keysets.Where(k => k.Name == "kubernetes-ca")];
        return Material(ca, ca);
    }

    private static JsonObject Material(IEnumerable<StoredKeyset> bundles, IEnumerable<StoredKeyset> primaries) => new()
    {
        ["CAs"] = new JsonObject(bundles.Select(k => KeyValuePair.Create(k.Name, (JsonNode?)k.Bundle))),
        ["KeypairIDs"] = new JsonObject(primaries.Select(k => KeyValuePair.Create(k.Name, (JsonNode?)k.PrimaryId))),
    };

    private static string PublicKey(StoredKeypair keypair)
    {
        using X509Certificate2 certificate = KopsCertificates.Read(keypair.Certificate);
        return PemEncoding.WriteString("PUBLIC KEY", certificate.PublicKey.ExportSubjectPublicKeyInfo()) + "\n";
    }
}
