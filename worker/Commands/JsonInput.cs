using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Rotation.Worker.Commands;

/// <summary>The option <c>--input</c>: JSON as text, from a file, or from standard input.</summary>
internal static class JsonInput
{
    private static readonly JsonDocumentOptions Reading = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    public static Option<string?> Option { get; } = new("--input") { Description = "The input as JSON: the text itself, a file as @FILE, or @- for standard input. Options win over it.", HelpName = "JSON|@FILE" };

    /// <summary>Reads it; an empty object when it was not given. Fails with exit code 2 when it is not one JSON object.</summary>
    public static async Task<JsonObject> ReadAsync(Invocation call)
    {
        if (call.Value(Option) is not { } text)
            return [];
        string json = text switch
        {
            "@-" => await Console.In.ReadToEndAsync(call.Cancel).ConfigureAwait(false),
            ['@', .. var file] => File.Exists(file) ? await File.ReadAllTextAsync(file, call.Cancel).ConfigureAwait(false) : throw CommandFailure.Usage($"--input: there is no file '{file}'."),
            _ => text,
        };
        try
        {
            return JsonNode.Parse(json, documentOptions: Reading) as JsonObject ?? throw CommandFailure.Usage("--input: must be one JSON object, such as {\"cluster\":\"prod.example.com\"}.");
        }
        catch (JsonException e)
        {
            throw CommandFailure.Usage($"--input: is no JSON: {e.Message}");
        }
    }

    /// <summary>Fails with exit code 2 naming every problem, unless there is none.</summary>
    public static void ThrowIfAny(IReadOnlyList<string> problems)
    {
        if (problems.Count > 0)
            throw CommandFailure.Usage("The input is wrong:" + string.Concat(problems.Select(p => Environment.NewLine + "  " + p)));
    }

    /// <summary>Sets a field by its path; names that are there already are matched without regard to case, as the workflow matches them.</summary>
    public static void Set(JsonObject target, ReadOnlySpan<string> path, JsonNode value)
    {
        string first = path[0];
        string name = target.Select(p => p.Key).FirstOrDefault(k => string.Equals(k, first, StringComparison.OrdinalIgnoreCase)) ?? first;
        if (path.Length == 1)
        {
            target[name] = value;
            return;
        }

        if (target[name] is not JsonObject inner)
            target[name] = inner = [];
        Set(inner, path[1..], value);
    }
}
