using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Cluster;

/// <summary>Reading of the few YAML fields that nodes look at.</summary>
internal static class Yaml
{
    public static YamlMappingNode Parse(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return (YamlMappingNode)stream.Documents[0].RootNode;
    }

    public static YamlNode? Find(YamlMappingNode node, params ReadOnlySpan<string> path)
    {
        YamlNode? found = node;
        foreach (var name in path)
            found = found is YamlMappingNode map && map.Children.TryGetValue(name, out var child) ? child : null;
        return found;
    }

    public static string? Text(YamlMappingNode node, params ReadOnlySpan<string> path) => (Find(node, path) as YamlScalarNode)?.Value;

    public static IReadOnlyDictionary<string, string> Texts(YamlMappingNode node, string name) =>
        Find(node, name) is YamlMappingNode map
            ? map.Children.ToDictionary(e => ((YamlScalarNode)e.Key).Value!, e => ((YamlScalarNode)e.Value).Value ?? "", StringComparer.Ordinal)
            : new Dictionary<string, string>();
}
