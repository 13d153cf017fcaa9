using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary>Prints clusters and instance groups in the form asked for.</summary>
internal static class Objects
{
    /// <param name="call">The call.</param>
    /// <param name="objects">What to print.</param>
    /// <param name="single">Whether JSON is one object rather than a list.</param>
    /// <param name="header">Titles of the table.</param>
    /// <param name="row">Cells of one object.</param>
    public static void Write(KopsCall call, IReadOnlyList<JsonObject> objects, bool single, string[] header, Func<JsonObject, string[]> row)
    {
        switch (call.Format())
        {
            case "table":
                GoTable.Write(call.Output, header, objects.Select(row));
                break;
            case "json":
                // Each object ends with a line break of its own.
                string all = string.Join(",", objects.Select(o => GoJson.Text(o) + "\n"));
                call.Output.Write(single ? all : $"[{all}]");
                break;
            default:
                call.Output.Write(string.Join("\n---\n\n", objects.Select(GoYaml.Text)));
                break;
        }
    }

    /// <summary>Texts of a list at a path; none when it is not there.</summary>
    public static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(t => $"{t}");
}
