using System.Globalization;
using System.Text.RegularExpressions;
using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.CommandLine;

/// <summary>A flag as kops' help page lists it.</summary>
/// <param name="Name">Long name, without dashes.</param>
/// <param name="Shorthand">One letter, or null.</param>
/// <param name="Type">Type as printed, such as <c>string</c>; null for a switch.</param>
/// <param name="Alone">Value when the flag stands without one; null when it needs one.</param>
/// <param name="Default">Default as printed, or null.</param>
internal sealed partial record FlagSpec(string Name, string? Shorthand, string? Type, string? Alone, string? Default)
{
    /// <summary>Flags that kops has on every command and shows on no page: those of its logger.</summary>
    public static IReadOnlyList<FlagSpec> Hidden { get; } =
    [
        .. new[] { "add_dir_header", "alsologtostderr", "logtostderr", "one_output", "skip_headers", "skip_log_headers" }.Select(n => new FlagSpec(n, null, null, "true", null)),
        .. new[] { "log_backtrace_at", "log_dir", "log_file", "vmodule" }.Select(n => new FlagSpec(n, null, "string", null, null)),
        .. new[] { "log_file_max_size", "stderrthreshold" }.Select(n => new FlagSpec(n, null, "int", null, null)),
    ];

    private string Shown => Shorthand is null ? $"--{Name}" : $"-{Shorthand}, --{Name}";

    /// <summary>Reads one line of a help page's list of flags; null when the line is none.</summary>
    public static FlagSpec? Parse(string line)
    {
        Match found = Line().Match(line);
        if (!found.Success)
            return null;
        string? type = Text(found, "type");
        return new FlagSpec(found.Groups["name"].Value, Text(found, "short"), type, type is null ? "true" : Text(found, "alone"), Text(found, "default"));
    }

    /// <summary>The value in one form, such as <c>true</c> for <c>T</c>. Throws <see cref="FormatException"/> in Go's words when it is none of the flag's type.</summary>
    public string Normal(string value)
    {
        string? problem = Type switch
        {
            null => Switch(value) is null ? $"strconv.ParseBool: parsing {GoText.Quoted(value)}: invalid syntax" : null,
            "int" or "int32" or "Level" => long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _) ? null : $"strconv.ParseInt: parsing {GoText.Quoted(value)}: invalid syntax",
            "duration" => GoDuration.TryParse(value, out _),
            _ => null,
        };
        if (problem is not null)
            throw new FormatException($"invalid argument {GoText.Quoted(value)} for \"{Shown}\" flag: {problem}");
        return Type is null ? Switch(value)! : value;
    }

    private static string? Switch(string value) => value switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => "true",
        "0" or "f" or "F" or "false" or "FALSE" or "False" => "false",
        _ => null,
    };

    private static string? Text(Match match, string group) => match.Groups[group] is { Success: true, Value: var value } ? value : null;

    [GeneratedRegex("""^\s+(?:-(?<short>\w), )?--(?<name>[\w-]+)(?: (?<type>\w+)(?:\[=(?<alone>[^\]]*)\])?)?\s{2,}.*?(?:\(default "?(?<default>[^")]*)"?\))?$""")]
    private static partial Regex Line();
}
