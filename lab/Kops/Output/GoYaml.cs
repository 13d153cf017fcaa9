using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Output;

/// <summary>YAML as kops writes it: keys sorted, lists not indented, a text quoted only where it would be read as something else.</summary>
internal static class GoYaml
{
    private static readonly string[] Words = ["true", "false", "null", "yes", "no", "on", "off", "y", "n", "~"];

    public static string Text(JsonNode node)
    {
        var text = new StringBuilder();
        Write(text, node, 0);
        return text.ToString();
    }

    private static void Write(StringBuilder text, JsonNode? node, int indent)
    {
        if (node is JsonArray list)
            WriteList(text, list, indent);
        else
            WriteMap(text, (JsonObject)node!, indent, first: false);
    }

    private static void WriteList(StringBuilder text, JsonArray list, int indent)
    {
        foreach (JsonNode? item in list)
        {
            text.Append(' ', indent).Append("- ");
            if (item is JsonObject { Count: > 0 } map)
                WriteMap(text, map, indent + 2, first: true);
            else
                text.Append(Scalar(item)).Append('\n');
        }
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent, bool first)
    {
        foreach ((string key, JsonNode? value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            text.Append(' ', first ? 0 : indent).Append(Quoted(key)).Append(':');
            first = false;
            if (value is JsonObject { Count: > 0 })
                Write(text.Append('\n'), value, indent + 2);
            else if (value is JsonArray { Count: > 0 })
                Write(text.Append('\n'), value, indent);
            else if (value is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.GetValue<string>().Contains('\n'))
                WriteBlock(text, v.GetValue<string>(), indent + 2);
            else
                text.Append(' ').Append(Scalar(value)).Append('\n');
        }
    }

    private static void WriteBlock(StringBuilder text, string value, int indent)
    {
        text.Append(value.EndsWith('\n') ? " |\n" : " |-\n");
        foreach (string line in value.TrimEnd('\n').Split('\n'))
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
    }

    private static string Scalar(JsonNode? node) => node switch
    {
        null => "null",
        JsonObject => "{}",
        JsonArray => "[]",
        _ when node.GetValueKind() == JsonValueKind.String => Quoted(node.GetValue<string>()),
        _ => node.ToJsonString(),
    };

    private static string Quoted(string value) => IsPlain(value) ? value : $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";

    private static bool IsPlain(string value) =>
        value.Length > 0
        && !Words.Contains(value.ToLowerInvariant())
        && !double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _)
        && !DateTimeOffset.TryParseExact(value, ["yyyy-MM-dd", "yyyy-MM-ddTHH:mm:ssZ"], CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        && !",[]{}#&*!|>'\"%@` ".Contains(value[0])
        && !("-?:".Contains(value[0]) && (value.Length == 1 || value[1] == ' '))
        && !value.Contains(": ", StringComparison.Ordinal) && !value.Contains(" #", StringComparison.Ordinal) && !value.EndsWith(':') && !value.EndsWith(' ');
}
