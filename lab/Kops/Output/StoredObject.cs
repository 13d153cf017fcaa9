using System.Globalization;
using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Kops.Output;

/// <summary>An object of the state store as kops prints it: fields in the order of kops' own types, what they do not know after them.</summary>
internal static class StoredObject
{
    private static readonly string[] Order =
    [
        "kind", "apiVersion", "metadata", "name", "creationTimestamp", "labels", "spec",
        "channel", "configBase", "cloudProvider", "kubernetesVersion",
        "role", "image", "minSize", "maxSize", "machineType",
        "zone", "cidr", "type", "subnets", "masterPublicName", "networkCIDR", "topology", "masters", "nodes", "dns",
        "dnsZone", "nonMasqueradeCIDR", "sshAccess", "kubernetesApiAccess", "etcdClusters", "etcdMembers", "instanceGroup",
        "networking", "api", "authorization",
    ];

    /// <summary>The object, with the empty creation time that kops adds.</summary>
    public static JsonObject Parse(string text)
    {
        var root = (JsonObject)Convert(Yaml.Parse(text))!;
        if (root["metadata"] is JsonObject metadata && !metadata.ContainsKey("creationTimestamp"))
            metadata["creationTimestamp"] = null;
        return Sorted(root);
    }

    private static JsonObject Sorted(JsonObject map) => new(map
        .OrderBy(p => Array.IndexOf(Order, p.Key) is >= 0 and var at ? at : Order.Length)
        .Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value))));

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject map => Sorted(map),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        _ => node?.DeepClone(),
    };

    private static JsonNode? Convert(YamlNode node) => node switch
    {
        YamlMappingNode map => new JsonObject(map.Children.Select(p => KeyValuePair.Create(((YamlScalarNode)p.Key).Value!, Convert(p.Value)))),
        YamlSequenceNode list => new JsonArray([.. list.Children.Select(Convert)]),
        YamlScalarNode { Style: ScalarStyle.Plain } plain => Plain(plain.Value!),
        _ => JsonValue.Create(((YamlScalarNode)node).Value),
    };

    private static JsonValue? Plain(string value)
    {
        if (value is "" or "null" or "~")
            return null;
        if (bool.TryParse(value, out bool truth))
            return JsonValue.Create(truth);
        return long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? JsonValue.Create(number) : JsonValue.Create(value);
    }
}
