using System.Text.Json;
using Rotation.Tests.Support;
using YamlDotNet.RepresentationModel;

namespace Rotation.Tests.Docs.Deploy;

/// <summary>The files of <c>deploy/</c>.</summary>
internal static class DeployFiles
{
    /// <summary>Files with one of the endings, the chart's templates aside: those are no YAML before they are rendered.</summary>
    public static IEnumerable<string> All(params string[] endings) => Directory.EnumerateFiles(RepositoryRoot.Combine("deploy"), "*", SearchOption.AllDirectories)
        .Where(f => endings.Contains(Path.GetExtension(f)) && !f.Contains("/templates/", StringComparison.Ordinal));

    public static JsonElement Json(params string[] path) => JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(RepositoryRoot.Combine(["deploy", .. path])));

    public static IReadOnlyList<YamlMappingNode> Yaml(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(d => d.RootNode).OfType<YamlMappingNode>()];
    }

    /// <summary>The value below a path of keys; null where there is none.</summary>
    public static YamlNode? At(this YamlNode node, params string[] keys) =>
        keys.Aggregate((YamlNode?)node, (at, key) => at is YamlMappingNode map && map.Children.TryGetValue(key, out YamlNode? below) ? below : null);
}
