using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;
using Rotation.Lab.Kops.Output;
using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Kops.Keysets;

/// <summary>The file <c>pki/private/NAME/keyset.yaml</c>.</summary>
internal static class KeysetYaml
{
    private const string Time = "yyyy-MM-ddTHH:mm:ssZ";

    public static StoredKeyset Read(string name, string text)
    {
        YamlMappingNode root = Yaml.Parse(text);
        var items = Yaml.Find(root, "spec", "keys") as YamlSequenceNode;
        StoredKeypair[] keypairs = [.. (items?.Children ?? []).Cast<YamlMappingNode>().Select(Item).OrderBy(k => k.Number)];
        string? named = Yaml.Text(root, "spec", "primaryId");
        // Without a primary that is trusted the youngest that is trusted stands in for it; where none is trusted kops crashes.
        if (keypairs.Length > 0 && keypairs.All(k => !k.IsTrusted))
            throw KopsPanic.NilIn("k8s.io/kops/upup/pkg/fi.parseKeyset");
        string primary = keypairs.FirstOrDefault(k => k.Id == named && k.IsTrusted)?.Id ?? keypairs.LastOrDefault(k => k.IsTrusted)?.Id ?? "";
        return new StoredKeyset(name, primary, keypairs);
    }

    public static string Write(StoredKeyset keyset)
    {
        var keys = new JsonArray([.. keyset.Keypairs.OrderBy(k => k.Number).Select(Item)]);
        var root = new JsonObject
        {
            ["apiVersion"] = "kops.k8s.io/v1alpha2",
            ["kind"] = "Keyset",
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null, ["name"] = keyset.Name },
            ["spec"] = new JsonObject { ["keys"] = keys, ["primaryId"] = keyset.PrimaryId, ["type"] = "Keypair" },
        };
        return GoYaml.Text(root);
    }

    /// <summary>As kops before 1.22 wrote it: the youngest was the primary.</summary>
    public static string WriteOlder(StoredKeyset keyset, bool keys)
    {
        var spec = new JsonObject { ["type"] = "Keypair" };
        if (keyset.Keypairs.Count > 0)
            spec = new JsonObject { ["keys"] = new JsonArray([.. keyset.Keypairs.OrderBy(k => k.Number).Select(k => Item(keys ? k : k with { PrivateKey = null }))]), ["type"] = "Keypair" };
        return GoYaml.Text(new JsonObject
        {
            ["apiVersion"] = "kops.k8s.io/v1alpha2",
            ["kind"] = "Keyset",
            ["metadata"] = new JsonObject { ["creationTimestamp"] = null, ["name"] = keyset.Name },
            ["spec"] = spec,
        });
    }

    private static StoredKeypair Item(YamlMappingNode item) => new(
        Yaml.Text(item, "id") ?? "",
        Decode(Yaml.Text(item, "publicMaterial")) ?? "",
        Decode(Yaml.Text(item, "privateMaterial")),
        Yaml.Text(item, "distrustTimestamp") is { } at ? DateTime.Parse(at, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal) : null);

    private static JsonNode Item(StoredKeypair keypair)
    {
        var item = new JsonObject { ["id"] = keypair.Id };
        if (keypair.Certificate.Length > 0)
            item["publicMaterial"] = Encode(keypair.Certificate);
        if (keypair.PrivateKey is { } key)
            item["privateMaterial"] = Encode(key);
        if (keypair.DistrustedAt is { } at)
            item["distrustTimestamp"] = at.ToString(Time, CultureInfo.InvariantCulture);
        return item;
    }

    private static string? Decode(string? base64) => base64 is null ? null : Encoding.UTF8.GetString(Convert.FromBase64String(base64));

    private static string Encode(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));
}
