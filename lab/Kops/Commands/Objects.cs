using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary>Prints clusters and instance groups in the form asked for.</summary>
internal static class Objects
{
    public static void Write(KopsCall call, IReadOnlyList<JsonObject> objects, string[] header, Func<JsonObject, string[]> row)
    {
        switch (call.Command.Flag("output"))
        {
            case "table":
                GoTable.Write(call.Output, header, objects.Select(row));
                break;
            case "json":
                // Each object ends with a line break of its own.
                call.Output.Write($"[{string.Join(",", objects.Select(o => GoJson.Text(o) + "\n"))}]");
                break;
            case "yaml":
                call.Output.Write(string.Join("\n---\n\n", objects.Select(GoYaml.Text)));
                break;
            case var other:
                throw new KopsError($"Unknown output format: \"{other}\"");
        }
    }

    /// <summary>Texts of a list at a path; none when it is not there.</summary>
    public static IEnumerable<string> Texts(JsonNode? list) => (list as JsonArray ?? []).Select(t => $"{t}");
}
