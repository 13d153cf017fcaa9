using System.Globalization;
using System.Text.RegularExpressions;

namespace Rotation.DevServer.Visibility;

/// <summary>Durations as Temporal's tools write them: <c>1h30m</c>, <c>1.5s</c>, <c>250ms</c>, with a day unit <c>d</c>.</summary>
internal static partial class GoDuration
{
    private static readonly Dictionary<string, double> TicksPerUnit = new(StringComparer.Ordinal)
    {
        ["ns"] = 0.01,
        ["us"] = TimeSpan.TicksPerMicrosecond,
        ["µs"] = TimeSpan.TicksPerMicrosecond,
        ["ms"] = TimeSpan.TicksPerMillisecond,
        ["s"] = TimeSpan.TicksPerSecond,
        ["m"] = TimeSpan.TicksPerMinute,
        ["h"] = TimeSpan.TicksPerHour,
        ["d"] = TimeSpan.TicksPerDay,
    };

    /// <summary>Throws <see cref="FormatException"/> when the text is no duration, <see cref="OverflowException"/> when it is too long.</summary>
    public static TimeSpan Parse(string text)
    {
        if (!Whole().IsMatch(text))
            throw new FormatException($"'{text}' is not a duration such as 1h30m.");
        var ticks = Part().Matches(text).Sum(m =>
            double.Parse(m.Groups["n"].ValueSpan, CultureInfo.InvariantCulture) * TicksPerUnit[m.Groups["unit"].Value]);
        return TimeSpan.FromTicks(checked((long)ticks));
    }

    [GeneratedRegex(@"^([0-9]+(\.[0-9]+)?(ns|us|µs|ms|s|m|h|d))+$", RegexOptions.ExplicitCapture)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(?<n>[0-9]+(\.[0-9]+)?)(?<unit>ns|us|µs|ms|s|m|h|d)", RegexOptions.ExplicitCapture)]
    private static partial Regex Part();
}
