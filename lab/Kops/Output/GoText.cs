using System.Globalization;
using System.Text;

namespace Rotation.Lab.Kops.Output;

/// <summary>Text as Go quotes it.</summary>
internal static class GoText
{
    /// <summary>As <c>%#q</c>: in back quotes where that is possible.</summary>
    public static string BackQuoted(string text) => text.Any(c => c == '`' || (char.IsControl(c) && c != '\t')) ? Quoted(text) : $"`{text}`";

    /// <summary>As <c>%q</c>: in double quotes, with escapes for what cannot be printed.</summary>
    public static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\a' => quoted.Append("\\a"),
                '\b' => quoted.Append("\\b"),
                '\f' => quoted.Append("\\f"),
                '\v' => quoted.Append("\\v"),
                '\n' => quoted.Append("\\n"),
                '\r' => quoted.Append("\\r"),
                '\t' => quoted.Append("\\t"),
                < ' ' or '\x7f' => quoted.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}"),
                _ => quoted.Append(c),
            };
        return quoted.Append('"').ToString();
    }
}
