using System.Globalization;

namespace Rotation.Lab.Kops.Output;

/// <summary>Durations as Go reads them, such as <c>18h0m0s</c>, <c>1.5h</c> or <c>-90s</c>.</summary>
internal static class GoDuration
{
    /// <summary>Null when the text is a duration, else Go's words for what is wrong with it.</summary>
    public static string? TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        string rest = text.TrimStart('+', '-') is var unsigned && text.Length - unsigned.Length <= 1 ? unsigned : "";
        if (rest == "0")
            return null;
        if (rest.Length == 0)
            return Invalid(text);
        double seconds = 0;
        while (rest.Length > 0)
        {
            int digits = rest.TakeWhile(c => char.IsAsciiDigit(c) || c == '.').Count();
            if (!double.TryParse(rest[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double number))
                return Invalid(text);
            string unit = string.Concat(rest[digits..].TakeWhile(c => !char.IsAsciiDigit(c) && c != '.'));
            if (unit.Length == 0)
                return $"time: missing unit in duration {GoText.Quoted(text)}";
            if (Seconds(unit) is not { } factor)
                return $"time: unknown unit {GoText.Quoted(unit)} in duration {GoText.Quoted(text)}";
            seconds += number * factor;
            rest = rest[(digits + unit.Length)..];
        }

        if (seconds > long.MaxValue / 1e9)
            return Invalid(text);
        duration = TimeSpan.FromSeconds(text[0] == '-' ? -seconds : seconds);
        return null;
    }

    /// <summary>As Go prints it: <c>15m0s</c>.</summary>
    public static string Text(TimeSpan length)
    {
        string seconds = ((decimal)length.Ticks / TimeSpan.TicksPerSecond % 60).ToString("0.#######", CultureInfo.InvariantCulture) + "s";
        return length.TotalHours >= 1 ? $"{(int)length.TotalHours}h{length.Minutes}m{seconds}" : length.TotalMinutes >= 1 ? $"{length.Minutes}m{seconds}" : seconds;
    }

    private static string Invalid(string text) => $"time: invalid duration {GoText.Quoted(text)}";

    private static double? Seconds(string unit) => unit switch { "h" => 3600, "m" => 60, "s" => 1, "ms" => 1e-3, "us" or "µs" or "μs" => 1e-6, "ns" => 1e-9, _ => null };
}
