using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Serialization;

/// <summary>Reads a <see cref="PersonInput"/> field by field: what does not fit becomes a problem with the field's path, never an exception.</summary>
internal sealed class PersonInputConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) => typeof(PersonInput).IsAssignableFrom(typeToConvert) && !typeToConvert.IsAbstract;

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(PersonInputConverter<>).MakeGenericType(typeToConvert))!;
}

internal sealed class PersonInputConverter<T> : JsonConverter<T>
    where T : PersonInput, new()
{
    private static readonly PropertyInfo ProblemsProperty = typeof(PersonInput).GetProperty(nameof(PersonInput.Problems))!;

    private static readonly PropertyInfo[] Fields =
        [.. typeof(T).GetProperties().Where(p => p.CanWrite && p.GetCustomAttribute<JsonIgnoreAttribute>() is null).OrderBy(p => p.MetadataToken)];

    public override bool HandleNull => true;

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var element = JsonElement.ParseValue(ref reader);
        var value = new T();
        var problems = new List<string>();
        if (element.ValueKind == JsonValueKind.Object)
            ReadFields(element, value, problems, options);
        else if (element.ValueKind != JsonValueKind.Null)
            problems.Add($"input: must be one JSON object, and is {Describe(element)}");
        ProblemsProperty.SetValue(value, problems);
        return value;
    }

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var field in Fields)
        {
            if (field.GetValue(value) is not { } content)
                continue;
            writer.WritePropertyName(NameOf(field));
            JsonSerializer.Serialize(writer, content, field.PropertyType, options);
        }

        writer.WriteEndObject();
    }

    private static void ReadFields(JsonElement element, T value, List<string> problems, JsonSerializerOptions options)
    {
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var json in element.EnumerateObject())
        {
            var field = Array.Find(Fields, f => string.Equals(NameOf(f), json.Name, StringComparison.OrdinalIgnoreCase));
            if (field is null)
                problems.Add($"{json.Name}: unknown field; known are {string.Join(", ", Fields.Select(NameOf))}");
            else if (!seen.Add(json.Name))
                problems.Add($"{NameOf(field)}: given more than once");
            else
                ReadField(json.Value, field, value, problems, options);
        }
    }

    private static void ReadField(JsonElement json, PropertyInfo field, T value, List<string> problems, JsonSerializerOptions options)
    {
        // null means: as if it were not there.
        if (json.ValueKind == JsonValueKind.Null)
            return;
        try
        {
            object? content = json.Deserialize(field.PropertyType, options);
            field.SetValue(value, content);
            if (content is PersonInput inner)
                problems.AddRange(inner.Problems.Select(p => Inside(NameOf(field), p)));
            if (content is IEnumerable<PersonInput> list)
                problems.AddRange(list.SelectMany((item, i) => item.Problems.Select(p => Inside($"{NameOf(field)}[{i}]", p))));
        }
        catch (JsonException e)
        {
            problems.Add($"{NameOf(field)}: {Describe(json)} {Expected(field.PropertyType, e)}");
        }
    }

    private static string Inside(string path, string problem) => problem.StartsWith("input: ", StringComparison.Ordinal) ? $"{path}: {problem["input: ".Length..]}" : $"{path}.{problem}";

    private static string Expected(Type type, JsonException e)
    {
        var bare = Nullable.GetUnderlyingType(type) ?? type;
        return bare switch
        {
            _ when bare == typeof(KopsDuration) => "is not a duration; write it as 90s, 15m or 18h",
            _ when bare == typeof(bool) => "is not true or false",
            _ when bare == typeof(int) => "is not a whole number",
            _ when bare == typeof(string) => "is not a text",
            { IsEnum: true } => $"is not one of {string.Join(", ", Enum.GetNames(bare).Select(JsonNamingPolicy.CamelCase.ConvertName))}",
            _ when bare == typeof(IReadOnlyList<string>) => "is not a list of texts",
            _ => $"does not fit: {e.Message}",
        };
    }

    private static string Describe(JsonElement element)
    {
        string text = element.GetRawText();
        return text.Length <= 60 ? text : text[..60] + "…";
    }

    private static string NameOf(PropertyInfo field) => JsonNamingPolicy.CamelCase.ConvertName(field.Name);
}
