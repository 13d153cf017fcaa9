using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Output;

/// <summary>JSON as kops prints it: on one line, fields in the order of the node.</summary>
internal static class GoJson
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // The only characters that Go escapes and this encoder does not.
    public static string Text(JsonNode node) => node.ToJsonString(Compact)
        .Replace("<", "\\u003c", StringComparison.Ordinal).Replace(">", "\\u003e", StringComparison.Ordinal).Replace("&", "\\u0026", StringComparison.Ordinal);
}
