using System.Globalization;
using System.Text.RegularExpressions;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Query;

/// <summary>A field a query names: its type, where SQL finds it, and how its operands are read.</summary>
internal sealed partial record QueryField(string Name, IndexedValueType Type, string Sql)
{
    private const string Prefix = "Temporal", StatusPrefix = "WORKFLOW_EXECUTION_STATUS_";

    /// <summary>Throws INVALID_ARGUMENT for a name that is neither computed, predefined nor registered.</summary>
    public static QueryField Find(AttributeTypes types, string name)
    {
        // Lists of schedules: their ids stand where workflow ids do.
        if (name == "ScheduleId")
            name = "WorkflowId";
        if (SystemAttributes.Computed.TryGetValue(name, out var computed))
            return new QueryField(name, computed.Type, computed.Sql);
        if (types.Settable(name) is { } type)
            return new QueryField(name, type, $"json_extract(attributes_json, {JsonPath(name)})");
        // System attributes may be written with or without their prefix.
        var other = name.StartsWith(Prefix, StringComparison.Ordinal) ? name[Prefix.Length..] : Prefix + name;
        if (SystemAttributes.Computed.ContainsKey(other) || SystemAttributes.Predefined.ContainsKey(other))
            return Find(types, other);
        throw Failures.InvalidArgument($"invalid query: invalid expression: column name '{name}' is not a valid search attribute");
    }

    /// <summary>Where the values of a list, or the words of a text, stand as a JSON array.</summary>
    public string ListSql => $"json_each(attributes_json, {JsonPath(Name)})";

    /// <summary>The operand as SQLite compares it. Throws INVALID_ARGUMENT when it is not of the field's type.</summary>
    public object Operand(QueryValue value)
    {
        try
        {
            return Name switch
            {
                "ExecutionStatus" => value.Quoted ? (long)StatusOf(value.Text) : long.Parse(value.Text, CultureInfo.InvariantCulture),
                "ExecutionDuration" => Nanoseconds(value.Text),
                _ => Typed(value),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Failures.InvalidArgument("invalid query: " + Name switch
            {
                "ExecutionStatus" => $"invalid expression: invalid ExecutionStatus value '{value.Text}'",
                _ when Type == IndexedValueType.Datetime && value.Quoted => $"invalid expression: unable to parse datetime '{value.Text}'",
                _ => $"invalid value for search attribute {Name} of type {Type}: '{value.Text}'",
            });
        }
    }

    private object Typed(QueryValue value) => Type switch
    {
        IndexedValueType.Int => long.Parse(value.Text, CultureInfo.InvariantCulture),
        IndexedValueType.Double => double.Parse(value.Text, CultureInfo.InvariantCulture),
        IndexedValueType.Bool => bool.Parse(value.Text) ? 1L : 0L,
        // A bare number is an instant in Unix nanoseconds.
        IndexedValueType.Datetime when !value.Quoted => long.Parse(value.Text, CultureInfo.InvariantCulture) / Ticks.Nanoseconds,
        IndexedValueType.Datetime => Ticks.Of(Rfc3339().IsMatch(value.Text) ? AttributeValue.ParseInstant(value.Text) : throw new FormatException(value.Text)),
        not IndexedValueType.Keyword when !value.Quoted => throw new FormatException("a text stands in quotes"),
        _ => value.Text,
    };

    /// <summary>As <c>TimedOut</c> or as <c>WORKFLOW_EXECUTION_STATUS_TIMED_OUT</c>.</summary>
    private static WorkflowExecutionStatus StatusOf(string text) => Enum.GetValues<WorkflowExecutionStatus>()
        .Where(s => s.ToString() == text || (text.StartsWith(StatusPrefix, StringComparison.Ordinal) && StatusPrefix + SnakeCase(s.ToString()) == text))
        .Cast<WorkflowExecutionStatus?>().FirstOrDefault() ?? throw new FormatException(text);

    private static string SnakeCase(string name) => string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$", RegexOptions.ECMAScript)]
    private static partial Regex Rfc3339();

    /// <summary>Nanoseconds as a number, <c>hh:mm:ss</c>, or a duration such as <c>1h30m</c>.</summary>
    private static long Nanoseconds(string text)
    {
        if (long.TryParse(text, CultureInfo.InvariantCulture, out var number))
            return number;
        if (text.Contains(':', StringComparison.Ordinal))
            return TimeSpan.Parse(text, CultureInfo.InvariantCulture).Ticks * Ticks.Nanoseconds;
        return GoDuration.Parse(text).Ticks * Ticks.Nanoseconds;
    }

    /// <summary>Registered names have letters, digits and <c>_ - .</c> only, so they cannot end the SQL literal.</summary>
    private static string JsonPath(string name) => $"'$.\"{name}\"'";
}
