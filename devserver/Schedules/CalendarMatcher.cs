using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Rotation.DevServer.Schedules;

/// <summary>Finds the local times a calendar names. A year without ranges matches every year, another field without ranges nothing, as upstream.</summary>
internal sealed class CalendarMatcher(StructuredCalendarSpec calendar)
{
    private const int LastYear = 2100;

    private readonly bool[] _second = Set(calendar.Second, 60);
    private readonly bool[] _minute = Set(calendar.Minute, 60);
    private readonly bool[] _hour = Set(calendar.Hour, 24);
    private readonly bool[] _day = Set(calendar.DayOfMonth, 32);
    private readonly bool[] _month = Set(calendar.Month, 13);
    private readonly bool[] _year = calendar.Year.Count == 0 ? Enumerable.Repeat(true, LastYear + 1).ToArray() : Set(calendar.Year, LastYear + 1);
    private readonly bool[] _weekday = Set(calendar.DayOfWeek, 7);

    public bool Matches(DateTime local) => Day(local) && _hour[local.Hour] && _minute[local.Minute] && _second[local.Second];

    /// <summary>The first match from <paramref name="local"/> (whole seconds) on that is before <paramref name="end"/>; null when there is none.</summary>
    public DateTime? First(DateTime local, DateTime end)
    {
        while (local < end && local.Year <= LastYear)
        {
            if (!_year[local.Year])
                local = new DateTime(local.Year + 1, 1, 1);
            else if (!_month[local.Month])
                local = new DateTime(local.Year, local.Month, 1).AddMonths(1);
            else if (!Day(local))
                local = local.Date.AddDays(1);
            else if (!_hour[local.Hour])
                local = local.Date.AddHours(local.Hour + 1);
            else if (!_minute[local.Minute])
                local = local.AddSeconds(60 - local.Second);
            else if (!_second[local.Second])
                local = local.AddSeconds(1);
            else
                return local;
        }

        return null;
    }

    private bool Day(DateTime local) => local.Year <= LastYear && _year[local.Year] && _month[local.Month] && _day[local.Day] && _weekday[(int)local.DayOfWeek];

    private static bool[] Set(IEnumerable<Range> ranges, int size)
    {
        var set = new bool[size];
        foreach (var range in ranges)
            for (var i = range.Start; i <= Math.Max(range.Start, range.End); i += Math.Max(1, range.Step))
                set[i] = true;
        return set;
    }
}
