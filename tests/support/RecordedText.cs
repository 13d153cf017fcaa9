using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rotation.Tests.Support;

/// <summary>Takes out of what kops printed or wrote what differs between two runs of the real one: keys, times, ids, the order of a Go map, the logger's prefix.</summary>
public static partial class RecordedText
{
    /// <summary>Standard output.</summary>
    public static string Output(string text, bool anyOrder) => Times(Sorted(text, anyOrder));

    /// <summary>Standard error.</summary>
    public static string Errors(string text, bool anyOrder)
    {
        string plain = Prefix().Replace(text, "");
        // Where in kops' sources a crash happened is of no use to anybody.
        int stack = plain.IndexOf("\n[signal", StringComparison.Ordinal);
        return Sorted(stack < 0 ? plain : plain[..stack] + "\n", anyOrder);
    }

    /// <summary>Standard error without the warning that kops gives for every state store in a folder.</summary>
    public static string WithoutFolderWarning(string text) => FolderWarning().Replace(text, "");

    /// <summary>A stored or exported file.</summary>
    public static string Content(string text) => Times(Material().Replace(text, m => $"{m.Groups[1].Value}: {Described(m.Groups[2].Value)}"));

    private static string Sorted(string text, bool anyOrder)
    {
        if (!anyOrder)
            return text;
        if (text.StartsWith("[{", StringComparison.Ordinal))
            return string.Join('\n', JsonDocument.Parse(text).RootElement.EnumerateArray().Select(e => e.GetRawText()).Order(StringComparer.Ordinal));
        return text.StartsWith("- ", StringComparison.Ordinal)
            ? string.Join('\n', text.Split("\n- ").Select(t => t.TrimStart('-', ' ').TrimEnd()).Order(StringComparer.Ordinal))
            : string.Join('\n', text.Split('\n').Order(StringComparer.Ordinal));
    }

    private static string Times(string text) => Day().Replace(Instant().Replace(text, "TIME"), "DAY");

    private static string Described(string base64)
    {
        string text = System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(base64));
        return string.Join(" + ", Pem().Matches(text).Select(m => m.Groups[1].Value));
    }

    [GeneratedRegex(@"(?m)^W[^\n]* factory\.go:\d+\] The local filesystem state store is not functional for running clusters\n")]
    private static partial Regex FolderWarning();

    [GeneratedRegex(@"(?m)^[IWE]\d{4} [\d:.]+ +\d+ [\w.]+:\d+\] ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")]
    private static partial Regex Instant();

    [GeneratedRegex(@"\b\d{4}-\d\d-\d\d\b")]
    private static partial Regex Day();

    [GeneratedRegex(@"([\w-]*(?:Material|-data)): (\S+)")]
    private static partial Regex Material();

    [GeneratedRegex("-----BEGIN ([A-Z ]+)-----")]
    private static partial Regex Pem();
}
