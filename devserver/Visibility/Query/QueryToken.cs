using System.Text;
using Rotation.DevServer.Transport;

namespace Rotation.DevServer.Visibility.Query;

internal enum TokenKind
{
    Word,
    QuotedName,
    Text,
    Number,
    Symbol,
    End,
}

/// <summary>A piece of a query. Words keep their letters; compare them without regard to case.</summary>
internal readonly record struct QueryToken(TokenKind Kind, string Text)
{
    /// <summary>Longer ones first, so that a prefix does not win.</summary>
    private static readonly string[] Symbols = ["!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ","];

    public bool Is(string word) => Kind is TokenKind.Word or TokenKind.Symbol && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    /// <summary>Cuts a query into tokens, an end last. Throws INVALID_ARGUMENT on a character or an unclosed quote.</summary>
    public static List<QueryToken> Cut(string query)
    {
        var tokens = new List<QueryToken>();
        var at = 0;
        while (true)
        {
            while (at < query.Length && char.IsWhiteSpace(query[at]))
                at++;
            if (at == query.Length)
                break;
            tokens.Add(Next(query, ref at));
        }
        tokens.Add(new QueryToken(TokenKind.End, "end of query"));
        return tokens;
    }

    private static QueryToken Next(string query, ref int at)
    {
        var c = query[at];
        if (c is '\'' or '"')
            return new QueryToken(TokenKind.Text, Quoted(query, ref at, c));
        if (c == '`')
            return new QueryToken(TokenKind.QuotedName, Quoted(query, ref at, c));
        if (char.IsDigit(c) || (c is '-' or '+' or '.' && at + 1 < query.Length && char.IsDigit(query[at + 1])))
            return new QueryToken(TokenKind.Number, While(query, ref at, x => char.IsLetterOrDigit(x) || x is '.' or '-' or '+'));
        if (char.IsLetter(c) || c == '_')
            return new QueryToken(TokenKind.Word, While(query, ref at, x => char.IsLetterOrDigit(x) || x is '_' or '.' or '-'));
        var position = at;
        var symbol = Array.Find(Symbols, s => string.CompareOrdinal(query, position, s, 0, s.Length) == 0)
            ?? throw Failures.InvalidArgument($"invalid query: malformed SQL query: syntax error at position {at + 1} near '{c}'");
        at += symbol.Length;
        return new QueryToken(TokenKind.Symbol, symbol == "<>" ? "!=" : symbol);
    }

    private static string While(string query, ref int at, Func<char, bool> belongs)
    {
        var start = at;
        at++;
        while (at < query.Length && belongs(query[at]))
            at++;
        return query[start..at];
    }

    private static string Quoted(string query, ref int at, char quote)
    {
        var text = new StringBuilder();
        for (var i = at + 1; i < query.Length; i++)
        {
            if (query[i] == '\\' && i + 1 < query.Length)
            {
                text.Append(query[++i]);
            }
            else if (query[i] != quote)
            {
                text.Append(query[i]);
            }
            else if (i + 1 < query.Length && query[i + 1] == quote)
            {
                text.Append(query[++i]);
            }
            else
            {
                at = i + 1;
                return text.ToString();
            }
        }
        throw Failures.InvalidArgument($"invalid query: malformed SQL query: syntax error at position {at + 1}: {quote} is never closed");
    }
}
