using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Output;

/// <summary>YAML as kops writes it: keys sorted, lists not indented.</summary>
internal static class GoYaml
{
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
                WriteScalar(text, item, indent);
        }
    }

    private static void WriteMap(StringBuilder text, JsonObject map, int indent, bool first)
    {
        foreach ((string key, JsonNode? value) in map.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            GoYamlScalar.WriteKey(text.Append(' ', first ? 0 : indent), key);
            text.Append(':');
            first = false;
            if (value is JsonObject { Count: > 0 })
                Write(text.Append('\n'), value, indent + 2);
            else if (value is JsonArray { Count: > 0 })
                Write(text.Append('\n'), value, indent);
            else if (value is JsonValue v && v.GetValueKind() == JsonValueKind.String && v.GetValue<string>().Contains('\n'))
                WriteBlock(text, v.GetValue<string>(), indent + 2);
            else
                WriteScalar(text.Append(' '), value, indent);
        }
    }

    private static void WriteBlock(StringBuilder text, string value, int indent)
    {
        text.Append(value.EndsWith('\n') ? " |\n" : " |-\n");
        foreach (string line in value.TrimEnd('\n').Split('\n'))
            text.Append(' ', line.Length == 0 ? 0 : indent).Append(line).Append('\n');
    }

    private static void WriteScalar(StringBuilder text, JsonNode? node, int indent)
    {
        if (node is JsonValue value && value.GetValueKind() == JsonValueKind.String)
            GoYamlScalar.WriteValue(text, value.GetValue<string>(), indent + 2);
        else
            text.Append(node switch { null => "null", JsonObject => "{}", JsonArray => "[]", _ => node.ToJsonString() });
        text.Append('\n');
    }
}
