using Microsoft.Data.Sqlite;
using Rotation.DevServer.Transport;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Visibility.Query;

/// <summary>
/// Turns a condition into SQL with parameters; what a person typed never becomes SQL text. A missing value is unequal to everything
/// and its comparisons are false, so that <c>NOT</c> works as in two-valued logic.
/// </summary>
internal sealed class QuerySql(AttributeTypes types)
{
    private readonly List<object> _parameters = [];

    /// <summary>An SQL condition; its parameters go to a command by <see cref="Bind"/>.</summary>
    public string Write(QueryNode node) => node switch
    {
        QueryNode.And and => $"({Write(and.Left)} AND {Write(and.Right)})",
        QueryNode.Or or => $"({Write(or.Left)} OR {Write(or.Right)})",
        QueryNode.Not not => $"(NOT {Write(not.Inner)})",
        QueryNode.IsNull isNull => $"({QueryField.Find(types, isNull.Field).Sql} IS NULL)",
        QueryNode.Between between => Write(
            new QueryNode.And(new QueryNode.Comparison(between.Field, ">=", between.Low), new QueryNode.Comparison(between.Field, "<=", between.High))),
        QueryNode.In isIn => In(QueryField.Find(types, isIn.Field), isIn.Values),
        QueryNode.Comparison comparison => Comparison(QueryField.Find(types, comparison.Field), comparison.Operator, comparison.Value),
        _ => throw new InvalidOperationException($"unknown node {node.GetType().Name}"),
    };

    public void Bind(SqliteCommand command)
    {
        for (var i = 0; i < _parameters.Count; i++)
            command.Parameters.AddWithValue($"$q{i}", _parameters[i]);
    }

    private string In(QueryField field, IReadOnlyList<QueryValue> values)
    {
        Require(field, field.Type != IndexedValueType.Text, "IN");
        var list = string.Join(", ", values.Select(v => Parameter(field.Operand(v))));
        return field.Type == IndexedValueType.KeywordList
            ? $"EXISTS (SELECT 1 FROM {field.ListSql} WHERE value IN ({list}))"
            : $"({field.Sql} IS NOT NULL AND {field.Sql} IN ({list}))";
    }

    private string Comparison(QueryField field, string comparison, QueryValue value)
    {
        if (comparison == "!=")
            return $"(NOT {Comparison(field, "=", value)})";
        var only = comparison == "=";
        switch (field.Type)
        {
            case IndexedValueType.KeywordList:
                Require(field, only, comparison);
                return $"EXISTS (SELECT 1 FROM {field.ListSql} WHERE value = {Parameter(field.Operand(value))})";
            case IndexedValueType.Text:
                Require(field, only, comparison);
                return AnyWord(field, value);
            case IndexedValueType.Bool:
                Require(field, only, comparison);
                break;
        }
        if (comparison == "STARTS_WITH")
            return Prefix(field, value);
        return only ? $"({field.Sql} IS {Parameter(field.Operand(value))})" : $"COALESCE({field.Sql} {comparison} {Parameter(field.Operand(value))}, 0)";
    }

    private string Prefix(QueryField field, QueryValue value)
    {
        Require(field, field.Type == IndexedValueType.Keyword && field.Name != "ExecutionStatus" && value.Quoted, "STARTS_WITH");
        var prefix = Parameter(field.Operand(value));
        return $"COALESCE(substr({field.Sql}, 1, length({prefix})) = {prefix}, 0)";
    }

    /// <summary>Text matches by words: one of those asked for is enough.</summary>
    private string AnyWord(QueryField field, QueryValue value)
    {
        if (field.Operand(value) is string asked && asked.Trim(' ').Length == 0)
            throw Failures.InvalidArgument($"invalid query: invalid expression: unexpected value for Text type search attribute (no tokens found in '{asked}')");
        var words = TextWords.Of((string)field.Operand(value)).Select(w => Parameter($"% {w} %")).ToList();
        var text = $"json_extract(attributes_json, '$.\"{TextWords.KeyOf(field.Name)}\"')";
        return words.Count == 0 ? "0" : $"COALESCE({string.Join(" OR ", words.Select(w => $"{text} LIKE {w}"))}, 0)";
    }

    private string Parameter(object value)
    {
        _parameters.Add(value);
        return $"$q{_parameters.Count - 1}";
    }

    private static void Require(QueryField field, bool allowed, string comparison)
    {
        if (!allowed)
            throw Failures.InvalidArgument($"invalid query: invalid expression: operator '{comparison}' not supported for {field.Type} type search attribute '{field.Name}'");
    }
}
