using System.Text.RegularExpressions;

namespace Rotation.Lab.Kops.CommandLine;

/// <summary>A flag as kops' help page lists it.</summary>
/// <param name="Name">Long name, without dashes.</param>
/// <param name="Shorthand">One letter, or null.</param>
/// <param name="Type">Type as printed, such as <c>string</c>; null for a switch.</param>
/// <param name="Alone">Value when the flag stands without one; null when it needs one.</param>
/// <param name="Default">Default as printed, or null.</param>
internal sealed partial record FlagSpec(string Name, string? Shorthand, string? Type, string? Alone, string? Default)
{
    /// <summary>Reads one line of a help page's list of flags; null when the line is none.</summary>
    public static FlagSpec? Parse(string line)
    {
        Match found = Line().Match(line);
        if (!found.Success)
            return null;
        string? type = Text(found, "type");
        return new FlagSpec(found.Groups["name"].Value, Text(found, "short"), type, type is null ? "true" : Text(found, "alone"), Text(found, "default"));
    }

    private static string? Text(Match match, string group) => match.Groups[group] is { Success: true, Value: var value } ? value : null;

    [GeneratedRegex("""^\s+(?:-(?<short>\w), )?--(?<name>[\w-]+)(?: (?<type>\w+)(?:\[=(?<alone>[^\]]*)\])?)?\s{2,}.*?(?:\(default "?(?<default>[^")]*)"?\))?$""")]
    private static partial Regex Line();
}
