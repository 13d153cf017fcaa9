using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotation.Lab.Kubernetes;

/// <summary>One stored version of an object. The document is never changed after it was stored.</summary>
internal sealed class KubeObject
{
    private readonly Lazy<byte[]> _utf8;

    public KubeObject(JsonObject document, long version)
    {
        Document = document;
        Version = version;
        _utf8 = new(() => JsonSerializer.SerializeToUtf8Bytes(document));
    }

    public JsonObject Document { get; }

    public long Version { get; }

    public byte[] Utf8 => _utf8.Value;

    public string Name => Document["metadata"]!["name"]!.GetValue<string>();

    public string Namespace => Document["metadata"]!["namespace"]?.GetValue<string>() ?? "";

    public string Uid => Document["metadata"]!["uid"]!.GetValue<string>();

    /// <summary>A text at a path, or null.</summary>
    public string? Text(params ReadOnlySpan<string> path) => Read(Document, path) is JsonValue value ? value.ToString() : null;

    public JsonNode? At(params ReadOnlySpan<string> path) => Read(Document, path);

    public static JsonNode? Read(JsonNode? node, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
            node = node is JsonObject map ? map[name] : null;
        return node;
    }
}
