using System.Globalization;
using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Kops.Output;

/// <summary>An object of the state store as kops prints it: with kops' defaults, fields in the order of kops' own types, what they do not know after them.</summary>
internal static class StoredObject
{
    /// <summary>An object as it stands in a file, its fields in their order there.</summary>
    public static JsonObject Plain(string text) => (JsonObject)Convert(Yaml.Parse(text))!;

    /// <summary>The object, with the empty creation time that kops adds. Fails in kops' words when it is none.</summary>
    /// <param name="text">Content of the file.</param>
    /// <param name="path">The file, for the message.</param>
    public static JsonObject Read(string text, string path)
    {
        JsonObject root;
        try
        {
            root = Plain(text);
        }
        catch (Exception e) when (e is YamlException or InvalidCastException or ArgumentOutOfRangeException)
        {
            throw new KopsError($"error parsing {path}: the lab's kops cannot read it");
        }

        if (root["metadata"] is JsonObject metadata && !metadata.ContainsKey("creationTimestamp"))
            metadata["creationTimestamp"] = null;
        if ($"{root["kind"]}" == "Cluster" && root["spec"] is JsonObject spec)
            ClusterDefaults.Set(spec);
        return FieldOrder.Sorted(root);
    }

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(p => KeyValuePair.Create(((YamlScalarNode)p.Key).Value!, Convert(p.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    private static JsonValue? Plain(YamlScalarNode scalar)
    {
        string value = scalar.Value!;
        if (value is "" or "null" or "~")
            return null;
        if (bool.TryParse(value, out bool truth))
            return JsonValue.Create(truth);
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? JsonValue.Create(number) : JsonValue.Create(value);
    }
}
