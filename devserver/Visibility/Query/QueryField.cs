using System.Globalization;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Query;

/// <summary>A field a query names: its type, where SQL finds it, and how its operands are read.</summary>
internal sealed record QueryField(string Name, IndexedValueType Type, string Sql)
{
    private const string Prefix = "Temporal";

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
        throw Failures.InvalidArgument($"invalid query: column name '{name}' is not a valid search attribute");
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
                "ExecutionStatus" => (long)StatusOf(value.Text),
                "ExecutionDuration" => Nanoseconds(value.Text),
                _ => Typed(value),
            };
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Failures.InvalidArgument($"invalid query: invalid value for search attribute {Name} of type {Type}: '{value.Text}'");
        }
    }

    private object Typed(QueryValue value) => Type switch
    {
        IndexedValueType.Int => long.Parse(value.Text, CultureInfo.InvariantCulture),
        IndexedValueType.Double => double.Parse(value.Text, CultureInfo.InvariantCulture),
        IndexedValueType.Bool => bool.Parse(value.Text) ? 1L : 0L,
        // A bare number is an instant in Unix nanoseconds.
        IndexedValueType.Datetime when !value.Quoted => long.Parse(value.Text, CultureInfo.InvariantCulture) / Ticks.Nanoseconds,
        IndexedValueType.Datetime => Ticks.Of(AttributeValue.ParseInstant(value.Text)),
        _ when !value.Quoted => throw new FormatException("a text stands in quotes"),
        _ => value.Text,
    };

    private static WorkflowExecutionStatus StatusOf(string text) =>
        Enum.TryParse<WorkflowExecutionStatus>(text, ignoreCase: true, out var status) && Enum.IsDefined(status)
            ? status
            : throw new FormatException(text);

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
