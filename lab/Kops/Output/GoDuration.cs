using System.Globalization;
using System.Text.RegularExpressions;

namespace Rotation.Lab.Kops.Output;

/// <summary>Durations as Go writes them, such as <c>18h0m0s</c> or <c>1.5h</c>.</summary>
internal static partial class GoDuration
{
    /// <summary>Null when the text is none.</summary>
    public static TimeSpan? Parse(string text)
    {
        if (text == "0")
            return TimeSpan.Zero;
        if (!Whole().IsMatch(text))
            return null;
        double seconds = Part().Matches(text).Sum(p => double.Parse(p.Groups[1].Value, CultureInfo.InvariantCulture) * Seconds(p.Groups[2].Value));
        return TimeSpan.FromSeconds(seconds);
    }

    /// <summary>As Go prints it: <c>15m0s</c>.</summary>
    public static string Text(TimeSpan length)
    {
        string seconds = ((decimal)length.Ticks / TimeSpan.TicksPerSecond % 60).ToString("0.#######", CultureInfo.InvariantCulture) + "s";
        return length.TotalHours >= 1 ? $"{(int)length.TotalHours}h{length.Minutes}m{seconds}" : length.TotalMinutes >= 1 ? $"{length.Minutes}m{seconds}" : seconds;
    }

    private static double Seconds(string unit) => unit switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, "us" or "µs" => 1e-6, _ => 1e-9 };

    [GeneratedRegex(@"^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$")]
    private static partial Regex Whole();

    [GeneratedRegex(@"(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)")]
    private static partial Regex Part();
}
