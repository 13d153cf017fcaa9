using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Cluster;

/// <summary>What an API server encrypts Secrets with at rest, read when its node boots: the first key writes, any of them reads. Without a configuration nothing is encrypted.</summary>
internal static class EncryptionKeys
{
    /// <summary>The provider that encrypts nothing.</summary>
    public const string Identity = "identity";

    /// <summary>Keys in their order, each by provider, name and a hash of its secret; <see cref="Identity"/> where the configuration has it.</summary>
    public static IReadOnlyList<string> Read(string clusterDirectory)
    {
        var file = Path.Combine(clusterDirectory, "secrets", "encryptionconfig");
        if (!File.Exists(file))
            return [Identity];
        using var stored = JsonDocument.Parse(File.ReadAllText(file));
        return Parse(Encoding.UTF8.GetString(stored.RootElement.GetProperty("Data").GetBytesFromBase64()));
    }

    private static string[] Parse(string configuration)
    {
        if (Yaml.Find(Yaml.Parse(configuration), "resources") is not YamlSequenceNode resources)
            return [Identity];
        var entry = resources.OfType<YamlMappingNode>().FirstOrDefault(r => Yaml.Find(r, "resources") is YamlSequenceNode kinds && kinds.OfType<YamlScalarNode>().Any(k => k.Value == "secrets"));
        return entry is null || Yaml.Find(entry, "providers") is not YamlSequenceNode providers
            ? [Identity]
            : [.. providers.OfType<YamlMappingNode>().SelectMany(p => p.Children).SelectMany(p => KeysOf(((YamlScalarNode)p.Key).Value!, p.Value))];
    }

    private static IEnumerable<string> KeysOf(string provider, YamlNode node) => provider == Identity
        ? [Identity]
        : node is YamlMappingNode map && Yaml.Find(map, "keys") is YamlSequenceNode keys
            ? keys.OfType<YamlMappingNode>().Select(k => $"{provider}:{Yaml.Text(k, "name")}:{Hash(Yaml.Text(k, "secret") ?? "")}")
            : [];

    private static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)))[..12];
}
