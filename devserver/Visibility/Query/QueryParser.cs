using Rotation.DevServer.Transport;

namespace Rotation.DevServer.Visibility.Query;

/// <summary>
/// The list filter language: comparisons, <c>IN</c>, <c>BETWEEN</c>, <c>STARTS_WITH</c>, <c>IS NULL</c>, <c>AND</c>, <c>OR</c>,
/// <c>NOT</c>, parentheses, and <c>GROUP BY</c> for counts. <c>ORDER BY</c> and <c>LIMIT</c> are refused, as upstream does.
/// </summary>
internal sealed class QueryParser
{
    /// <summary>Deeper nesting than people write; without a bound a hostile query would overflow the stack.</summary>
    private const int MaxDepth = 100;

    /// <summary>Far more than people write, and within what SQLite takes in one statement.</summary>
    private const int MaxConditions = 300, MaxValues = 2000;

    private static readonly string[] Operators = ["AND", "OR", "NOT", "IN", "IS", "BETWEEN", "STARTS_WITH", "LIKE", "GROUP", "ORDER", "LIMIT"];

    private readonly List<QueryToken> _tokens;
    private int _at;
    private int _depth;
    private int _conditions;
    private int _values;

    private QueryParser(string query) => _tokens = QueryToken.Cut(query);

    private QueryToken Current => _tokens[_at];

    /// <summary>Parses a query; empty means everything. Throws INVALID_ARGUMENT with what was not understood.</summary>
    public static ParsedQuery Parse(string query)
    {
        var parser = new QueryParser(query);
        var condition = parser.Current.Kind == TokenKind.End || parser.AtClause() ? null : parser.Or();
        return new ParsedQuery(condition, parser.Clauses());
    }

    private bool AtClause() => Current.Is("GROUP") || Current.Is("ORDER") || Current.Is("LIMIT");

    private string? Clauses()
    {
        string? groupBy = null;
        while (Current.Kind != TokenKind.End)
        {
            if (!Current.Is("GROUP") || groupBy is not null)
                throw AtClause() && !Current.Is("GROUP") ? Unsupported(Current.Is("LIMIT") ? "'limit' clause" : "'order by' clause") : Unexpected();
            _at++;
            Expect("BY");
            groupBy = Name();
        }
        return groupBy;
    }

    private QueryNode Or()
    {
        var left = And();
        while (Accept("OR"))
            left = new QueryNode.Or(left, And());
        return left;
    }

    private QueryNode And()
    {
        var left = Not();
        while (Accept("AND"))
            left = new QueryNode.And(left, Not());
        return left;
    }

    private QueryNode Not()
    {
        if (++_depth > MaxDepth)
            throw Failures.InvalidArgument($"invalid query: nested deeper than {MaxDepth}");
        var node = Accept("NOT") ? new QueryNode.Not(Not()) : Primary();
        _depth--;
        return node;
    }

    private QueryNode Primary()
    {
        if (!Accept("("))
            return Condition(Name());
        var inner = Or();
        Expect(")");
        return inner;
    }

    private QueryNode Condition(string field)
    {
        if (++_conditions > MaxConditions)
            throw Failures.InvalidArgument($"invalid query: more than {MaxConditions} conditions");
        if (Accept("IS"))
            return Negated(Accept("NOT"), NullCheck(field));
        var negated = Accept("NOT");
        if (Accept("IN"))
            return Negated(negated, new QueryNode.In(field, ValueList()));
        if (Accept("BETWEEN"))
            return Negated(negated, Range(field));
        if (Accept("STARTS_WITH"))
            return Negated(negated, new QueryNode.Comparison(field, "STARTS_WITH", Value()));
        if (Accept("LIKE"))
            throw Invalid($"invalid operator '{(negated ? "not like" : "like")}' in `{field} {(negated ? "not like" : "like")} '{Value().Text}'`");
        if (Current.Kind == TokenKind.End || Current.Is("AND") || Current.Is("OR") || Current.Is(")"))
            throw Invalid("incomplete expression");
        if (negated || Current.Kind != TokenKind.Symbol || Current.Text is "(" or ")" or ",")
            throw Unexpected();
        var comparison = Current.Text;
        _at++;
        return Accept("NULL")
            ? Negated(comparison == "!=", new QueryNode.IsNull(field))
            : new QueryNode.Comparison(field, comparison, Value());
    }

    private QueryNode.IsNull NullCheck(string field)
    {
        Expect("NULL");
        return new QueryNode.IsNull(field);
    }

    private QueryNode.Between Range(string field)
    {
        var low = Value();
        Expect("AND");
        return new QueryNode.Between(field, low, Value());
    }

    private List<QueryValue> ValueList()
    {
        Expect("(");
        var values = new List<QueryValue> { Value() };
        while (Accept(","))
            values.Add(Value());
        Expect(")");
        return values;
    }

    private QueryValue Value()
    {
        var token = Current;
        if (token.Kind == TokenKind.QuotedName || (token.Kind == TokenKind.Word && !token.Is("true") && !token.Is("false") && !Operators.Any(token.Is)))
            throw Unsupported($"column name on the right side of comparison expression (did you forget to quote '{token.Text}'?)");
        if (token.Kind is not (TokenKind.Text or TokenKind.Number) && !token.Is("true") && !token.Is("false"))
            throw Unexpected();
        if (++_values > MaxValues)
            throw Failures.InvalidArgument($"invalid query: more than {MaxValues} values");
        _at++;
        return new QueryValue(token.Text, token.Kind == TokenKind.Text);
    }

    private string Name()
    {
        var token = Current;
        if (token.Kind is not (TokenKind.Word or TokenKind.QuotedName))
            throw Unexpected();
        _at++;
        return token.Text;
    }

    private bool Accept(string word)
    {
        if (!Current.Is(word))
            return false;
        _at++;
        return true;
    }

    private void Expect(string word)
    {
        if (!Accept(word))
            throw Unexpected();
    }

    private static QueryNode Negated(bool negated, QueryNode node) => negated ? new QueryNode.Not(node) : node;

    private RpcFailure Unexpected() => Failures.InvalidArgument($"invalid query: malformed SQL query: syntax error near '{Current.Text}'");

    private static RpcFailure Invalid(string what) => Failures.InvalidArgument($"invalid query: invalid expression: {what}");

    private static RpcFailure Unsupported(string what) => Failures.InvalidArgument($"invalid query: operation is not supported: {what}");
}
