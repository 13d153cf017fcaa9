namespace Rotation.DevServer.Visibility.Query;

/// <summary>A parsed condition. Operands are still texts and numbers as written; the field decides what they mean.</summary>
internal abstract record QueryNode
{
    /// <summary>The names a condition asks for, as written.</summary>
    public static IEnumerable<string> Fields(QueryNode? node) => node switch
    {
        And and => Fields(and.Left).Concat(Fields(and.Right)),
        Or or => Fields(or.Left).Concat(Fields(or.Right)),
        Not not => Fields(not.Inner),
        Comparison comparison => [comparison.Field],
        In isIn => [isIn.Field],
        Between between => [between.Field],
        IsNull isNull => [isNull.Field],
        _ => [],
    };

    internal sealed record And(QueryNode Left, QueryNode Right) : QueryNode;

    internal sealed record Or(QueryNode Left, QueryNode Right) : QueryNode;

    internal sealed record Not(QueryNode Inner) : QueryNode;

    /// <summary><paramref name="Operator"/>: one of <c>= != &lt; &lt;= &gt; &gt;= STARTS_WITH</c>.</summary>
    internal sealed record Comparison(string Field, string Operator, QueryValue Value) : QueryNode;

    internal sealed record In(string Field, IReadOnlyList<QueryValue> Values) : QueryNode;

    internal sealed record Between(string Field, QueryValue Low, QueryValue High) : QueryNode;

    internal sealed record IsNull(string Field) : QueryNode;
}

/// <summary>A literal: what was written, and whether it stood in quotes.</summary>
internal sealed record QueryValue(string Text, bool Quoted);

/// <summary>A whole query: the condition (null = all) and the field to group by (null = none).</summary>
internal sealed record ParsedQuery(QueryNode? Condition, string? GroupBy);
