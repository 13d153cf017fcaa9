using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Rotation.Workflows.Contracts;

/// <summary>
/// A length of time written as kops and Go write it: <c>90s</c>, <c>15m</c>, <c>18h</c>, <c>1h30m</c>, <c>250ms</c>. Not negative, at most ten years.
/// </summary>
public readonly partial record struct KopsDuration
{
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3653);

    /// <summary>Makes a duration.</summary>
    /// <param name="value">Its length.</param>
    /// <exception cref="ArgumentOutOfRangeException">It is negative or longer than ten years.</exception>
    public KopsDuration(TimeSpan value)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest);
        Value = value;
    }

    /// <summary>The length.</summary>
    public TimeSpan Value { get; }

    /// <summary>A duration of hours.</summary>
    public static KopsDuration FromHours(double hours) => new(TimeSpan.FromHours(hours));

    /// <summary>A duration of minutes.</summary>
    public static KopsDuration FromMinutes(double minutes) => new(TimeSpan.FromMinutes(minutes));

    /// <summary>A duration of seconds.</summary>
    public static KopsDuration FromSeconds(double seconds) => new(TimeSpan.FromSeconds(seconds));

    /// <summary>Reads the written form.</summary>
    /// <param name="text">Numbers with units <c>h m s ms</c>, largest first in kops' own writing, any order accepted.</param>
    /// <param name="duration">What was read.</param>
    /// <returns>False when the text is no duration.</returns>
    public static bool TryParse(string? text, out KopsDuration duration)
    {
        duration = default;
        if (text is null || !Whole().IsMatch(text))
            return false;

        double seconds = Part().Matches(text).Sum(p => double.Parse(p.Groups[1].Value, CultureInfo.InvariantCulture) * SecondsOf(p.Groups[2].Value));
        if (seconds > Longest.TotalSeconds)
            return false;

        duration = new(TimeSpan.FromSeconds(seconds));
        return true;
    }

    /// <summary>The shortest written form, such as <c>1h30m</c>; zero is <c>0s</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        Append(text, (long)Value.TotalHours, "h");
        Append(text, Value.Minutes, "m");
        Append(text, Value.Seconds, "s");
        Append(text, Value.Milliseconds, "ms");
        return text.Length == 0 ? "0s" : text.ToString();
    }

    private static void Append(StringBuilder text, long count, string unit)
    {
        if (count != 0)
            text.Append(count).Append(unit);
    }

    private static double SecondsOf(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        _ => 0.001,
    };

    [GeneratedRegex(@"\A(?:0|(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+)\z", RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(h|ms|m|s)", RegexOptions.CultureInvariant)]
    private static partial Regex Part();
}
