using System.Text.Json;

namespace Rotation.Tests.Docs.Reference;

/// <summary>How names of code are written by people.</summary>
internal static class Names
{
    /// <summary>A field of JSON.</summary>
    public static string Field(string property) => JsonNamingPolicy.CamelCase.ConvertName(property);

    /// <summary>A type in a table.</summary>
    public static string Kind(Type type)
    {
        Type plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain.IsEnum)
            return string.Join(", ", Enum.GetNames(plain).Where(n => n != "Unset").Select(n => $"`{Field(n)}`"));
        if (ElementOf(plain) is { } element)
            return $"list of {Kind(element)}";
        return plain.Name switch
        {
            "String" => "text",
            "Boolean" => "true or false",
            "Int32" or "Int64" => "number",
            "KopsDuration" => "length, `90s`, `15m`, `18h`",
            "TimeSpan" => "length, `HH:MM:SS`",
            "DateTimeOffset" => "time, ISO 8601",
            _ => "object",
        };
    }

    /// <summary>What a list holds; null for what is no list.</summary>
    public static Type? ElementOf(Type type) => type == typeof(string) ? null : type.IsGenericType && type.GetGenericArguments() is [{ } element] && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? element : null;

    /// <summary>What a dictionary holds; null for what is none.</summary>
    public static Type? ValueOf(Type type) => type.IsGenericType && type.GetGenericArguments() is [_, { } value] ? value : null;

    /// <summary>True for our own objects, whose fields have a table of their own.</summary>
    public static bool IsObject(Type type) => type is { IsClass: true, Namespace: not null } && type.Namespace.StartsWith("Rotation.", StringComparison.Ordinal) && type.Name != "KopsDuration";

    /// <summary>A cell of a table.</summary>
    public static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).ReplaceLineEndings(" ");
}
