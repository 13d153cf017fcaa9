using System.Text.Json;
using Rotation.Workflows;

namespace Rotation.Activities.Kops;

/// <summary>Reads kops' JSON: one object or a list, with lines of warnings before it.</summary>
internal static class KopsJson
{
    /// <summary>The objects. Fails with <c>KopsFailed</c> when the output is not JSON; the output is not quoted.</summary>
    public static IReadOnlyList<JsonElement> Objects(string output, string command)
    {
        int start = output.AsSpan().IndexOfAny('[', '{');
        try
        {
            using JsonDocument document = JsonDocument.Parse(start < 0 ? output : output[start..]);
            JsonElement root = document.RootElement.Clone();
            return root.ValueKind switch
            {
                JsonValueKind.Array => [.. root.EnumerateArray()],
                JsonValueKind.Null => [],
                _ => [root],
            };
        }
        catch (JsonException e)
        {
            throw RotationErrors.Passing(RotationErrors.KopsFailed, $"The output of '{command}' is not JSON (line {e.LineNumber}).");
        }
    }

    /// <summary>The text at a path, or null.</summary>
    public static string? Text(JsonElement element, params string[] path) => At(element, path) is { ValueKind: JsonValueKind.String } found ? found.GetString() : null;

    /// <summary>The number at a path, or null.</summary>
    public static int? Number(JsonElement element, params string[] path) => At(element, path) is { ValueKind: JsonValueKind.Number } found ? found.GetInt32() : null;

    /// <summary>The items at a path; none when it is no list.</summary>
    public static IEnumerable<JsonElement> List(JsonElement element, params string[] path) => At(element, path) is { ValueKind: JsonValueKind.Array } found ? found.EnumerateArray() : [];

    /// <summary>The element at a path, or null.</summary>
    public static JsonElement? At(JsonElement element, params string[] path)
    {
        foreach (string name in path)
        {
            if (element.ValueKind != JsonValueKind.Object || !element.TryGetProperty(name, out JsonElement next))
                return null;
            element = next;
        }

        return element;
    }
}
