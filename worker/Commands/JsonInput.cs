using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;

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

    /// <summary>The option <c>--input</c> and those of fields, for a command's list of symbols.</summary>
    /// <param name="fields">Each option with the path of the field that it sets.</param>
    public static IEnumerable<Symbol> OptionsOf(IEnumerable<(Option Option, string[] Path)> fields) => fields.Select(f => f.Option).Prepend(Option);

    /// <summary>Reads an input: <c>--input</c>, and over it each option that was given. What is wrong with its fields is in <see cref="PersonInput.Problems"/>.</summary>
    public static async Task<T> ReadAsync<T>(Invocation call, IEnumerable<(Option Option, string[] Path)> fields)
        where T : PersonInput
    {
        JsonObject input = await ReadAsync(call).ConfigureAwait(false);
        foreach ((Option option, string[] path) in fields)
            if (call.IsGiven(option) && ValueOf(call, option) is { } value)
                Set(input, path, value);
        return input.Deserialize<T>(RotationDataConverter.Json)!;
    }

    /// <summary>An option that takes a duration as kops writes it.</summary>
    public static Option<string?> Duration(string name, string description)
    {
        var option = new Option<string?>(name) { Description = description, HelpName = "DURATION" };
        option.Validators.Add(Check.Duration(option));
        return option;
    }

    private static JsonNode? ValueOf(Invocation call, Option option) => option switch
    {
        // The field says the opposite of the option.
        Option<bool> { Name: "--allow-requester" or "--no-adopt" } o => JsonValue.Create(!call.Value(o)),
        Option<bool> o => JsonValue.Create(call.Value(o)),
        Option<int?> o => JsonValue.Create(call.Value(o)),
        Option<string[]> o => new JsonArray([.. call.Value(o)!.SelectMany(v => v.Split(',', StringSplitOptions.TrimEntries)).Select(v => JsonValue.Create(v))]),
        Option<string?> o => JsonValue.Create(call.Value(o)),
        _ => throw new InvalidOperationException($"The option {option.Name} has no JSON form."),
    };
}
