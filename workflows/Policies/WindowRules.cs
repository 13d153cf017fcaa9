using System.Globalization;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Policies;

/// <summary>What is a valid <see cref="MaintenanceWindow"/>, and how its texts are read. Whether the time zone exists only a host can say.</summary>
public static class WindowRules
{
    private static readonly TimeSpan WholeDay = TimeSpan.FromDays(1);

    /// <summary>Everything that is wrong; paths begin inside the window. What could not even be read is in <see cref="PersonInput.Problems"/>.</summary>
    public static IReadOnlyList<string> ProblemsOf(MaintenanceWindow window) =>
    [
        .. window.TimeZone.Length == 0 ? ["timeZone: is empty; write an IANA name such as \"Europe/Berlin\""] : Array.Empty<string>(),
        .. window.Windows.SelectMany((w, i) => ProblemsOf(w).Select(p => $"windows[{i}].{p}")),
        .. window.Blackouts.SelectMany((b, i) => ProblemsOf(b).Select(p => $"blackouts[{i}].{p}")),
    ];

    /// <summary>Reads a time of the day, <c>00:00</c> to <c>24:00</c>; null when it is none.</summary>
    public static TimeSpan? Time(string text) => text == "24:00" ? WholeDay
        : TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out TimeOnly time) ? time.ToTimeSpan()
        : null;

    /// <summary>Reads a day of the week, whole or its first three letters; null when it is none.</summary>
    public static DayOfWeek? Day(string text)
    {
        foreach (DayOfWeek day in Enum.GetValues<DayOfWeek>())
            if (string.Equals(text, day.ToString(), StringComparison.OrdinalIgnoreCase) || string.Equals(text, day.ToString()[..3], StringComparison.OrdinalIgnoreCase))
                return day;
        return null;
    }

    /// <summary>Reads a date, <c>2026-12-20</c>; null when it is none.</summary>
    public static DateOnly? Date(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;

    private static IEnumerable<string> ProblemsOf(WeeklyWindow window)
    {
        foreach (string day in window.Days.Where(d => Day(d) is null))
            yield return $"days: '{day}' is no day of the week; write mon, tue, wed, thu, fri, sat or sun";
        if (Time(window.From) is not { } from || from == WholeDay)
            yield return $"from: '{window.From}' is no time of the day; write it as 22:00";
        if (Time(window.To) is null)
            yield return $"to: '{window.To}' is no time of the day; write it as 04:00";
        else if (window.From == window.To)
            yield return "to: is the same as from; for a whole day write from 00:00 to 24:00";
    }

    private static IEnumerable<string> ProblemsOf(BlackoutDates blackout)
    {
        if (Date(blackout.From) is not { } from)
            yield return $"from: '{blackout.From}' is no date; write it as 2026-12-20";
        else if (blackout.To.Length > 0 && Date(blackout.To) is not { } to)
            yield return $"to: '{blackout.To}' is no date; write it as 2027-01-04";
        else if (blackout.To.Length > 0 && Date(blackout.To) < from)
            yield return $"to: {blackout.To} is before {blackout.From}";
    }
}
