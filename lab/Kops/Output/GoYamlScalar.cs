using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rotation.Lab.Kops.Output;

/// <summary>
/// A text as kops' YAML writer has it: plain where it may be; in double quotes where it would be read as something other than a text; in single quotes where YAML's own
/// characters stand in it. Broken at a blank where its line has become too long.
/// </summary>
internal static partial class GoYamlScalar
{
    private const int Width = 80;

    private static readonly string[] Words = "y Y yes Yes YES true True TRUE on On ON n N no No NO false False FALSE off Off OFF ~ null Null NULL .nan .NaN .NAN .inf .Inf .INF +.inf +.Inf +.INF -.inf -.Inf -.INF <<".Split(' ');

    /// <summary>Writes a key, which is never broken.</summary>
    public static void WriteKey(StringBuilder text, string key) => Write(text, key, breakTo: null);

    /// <summary>Writes a value.</summary>
    /// <param name="text">Where to.</param>
    /// <param name="value">The value, without line breaks.</param>
    /// <param name="indent">Indentation of its further lines.</param>
    public static void WriteValue(StringBuilder text, string value, int indent) => Write(text, value, "\n" + new string(' ', indent));

    private static void Write(StringBuilder text, string value, string? breakTo)
    {
        char? quote = IsOther(value) || value.Any(char.IsControl) ? '"' : IsSyntax(value) ? '\'' : null;
        int line = text.Length;
        while (line > 0 && text[line - 1] != '\n')
            line--;
        text.Append(quote);
        for (var n = 0; n < value.Length; n++)
        {
            bool inside = quote is null || (n > 0 && n < value.Length - 1);
            bool single = value[n] == ' ' && (n == 0 || value[n - 1] != ' ') && (quote == '"' || n + 1 == value.Length || value[n + 1] != ' ');
            if (breakTo is null || !single || !inside || text.Length - line <= Width)
            {
                text.Append(Escaped(value[n], quote));
                continue;
            }

            line = text.Length + 1;
            text.Append(breakTo).Append(quote == '"' && value[n + 1] == ' ' ? "\\" : "");
        }

        text.Append(quote);
    }

    private static string Escaped(char c, char? quote) => (quote, c) switch
    {
        ('\'', '\'') => "''",
        ('"', '"' or '\\') => $"\\{c}",
        ('"', '\t') => "\\t",
        ('"', '\r') => "\\r",
        ('"', _) when char.IsControl(c) => $"\\x{((int)c).ToString("X2", CultureInfo.InvariantCulture)}",
        _ => c.ToString(),
    };

    // What would be read as a number, a time, a truth or nothing.
    private static bool IsOther(string value) =>
        value.Length == 0 || Words.Contains(value) || Base60().IsMatch(value)
        || ("+-.0123456789".Contains(value[0]) && (Number().IsMatch(value[0] == '.' ? value : value.Replace("_", "", StringComparison.Ordinal)) || Time().IsMatch(value)));

    private static bool IsSyntax(string value) =>
        "#,[]{}&*!|>'\"%@`".Contains(value[0])
        || ("?:-".Contains(value[0]) && (value.Length == 1 || value[1] is ' ' or '\t'))
        || value[0] == ' ' || value[^1] == ' '
        || value.StartsWith("---", StringComparison.Ordinal) || value.StartsWith("...", StringComparison.Ordinal)
        || value.Contains(": ", StringComparison.Ordinal) || value.EndsWith(':') || value.Contains(" #", StringComparison.Ordinal);

    [GeneratedRegex(@"^[-+]?(0[xX][0-9a-fA-F]+|0[bB][01]+|0[oO][0-7]+|(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?)$")]
    private static partial Regex Number();

    [GeneratedRegex(@"^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$")]
    private static partial Regex Base60();

    [GeneratedRegex(@"^\d{4}-\d{1,2}-\d{1,2}([Tt ]\d{1,2}:\d{1,2}:\d{1,2}(\.\d+)?(Z|[-+]\d\d:\d\d)?)?$")]
    private static partial Regex Time();
}
