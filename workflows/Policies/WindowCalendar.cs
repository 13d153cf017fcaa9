using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Policies;

/// <summary>
/// When a window is open, by the rules of its time zone. Pure, but for activities and commands only: rules change with the host's time zone data, and a replay must not decide by others than the run did.
/// </summary>
/// <param name="window">A window without problems.</param>
/// <param name="zone">Its time zone.</param>
public sealed class WindowCalendar(MaintenanceWindow window, TimeZoneInfo zone)
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly Weekly[] _weekly = [.. window.Windows.Select(Weekly.Of)];
    private readonly (DateOnly From, DateOnly To)[] _blackouts = [.. window.Blackouts.Select(b => (WindowRules.Date(b.From)!.Value, WindowRules.Date(b.To) ?? WindowRules.Date(b.From)!.Value))];

    /// <summary>Whether the clock on the wall shows a time at which work may be done.</summary>
    public bool IsOpen(DateTimeOffset at)
    {
        DateTime local = LocalOf(at);
        DateOnly date = DateOnly.FromDateTime(local);
        return !Array.Exists(_blackouts, b => b.From <= date && date <= b.To) && (_weekly.Length == 0 || Array.Exists(_weekly, w => w.Covers(local)));
    }

    /// <summary>The times between two instants at which the window is open, in order; none touches the next.</summary>
    public IReadOnlyList<OpenTime> OpenTimes(DateTimeOffset from, DateTimeOffset until)
    {
        List<OpenTime> open = [];
        DateTimeOffset[] edges = [.. Edges(from, until).Where(e => from < e && e < until).Append(from).Append(until).Distinct().Order()];
        foreach ((DateTimeOffset start, DateTimeOffset end) in edges.Zip(edges.Skip(1)))
        {
            if (!IsOpen(start))
                continue;
            if (open.Count > 0 && open[^1].Until == start)
                open[^1] = open[^1] with { Until = end };
            else
                open.Add(new(start, end));
        }

        return open;
    }

    // Everything that can open or close it: the times that windows and days begin and end at, as often as the clock shows them, and the moments at which the clock is put on or back.
    private IEnumerable<DateTimeOffset> Edges(DateTimeOffset from, DateTimeOffset until)
    {
        TimeSpan[] times = [.. _weekly.SelectMany(w => new[] { w.From, w.To }).Append(TimeSpan.Zero).Distinct()];
        for (DateTime date = LocalOf(from).Date - Day; date <= LocalOf(until).Date + Day; date += Day)
        {
            foreach (TimeSpan time in times)
                foreach (DateTimeOffset instant in InstantsOf(date + time))
                    yield return instant;
            if (ChangeIn(date) is { } change)
                yield return change;
        }
    }

    // Zones differ from UTC by less than a day: the offsets around a local time are all that it can have.
    private IEnumerable<DateTimeOffset> InstantsOf(DateTime local) =>
        new[] { OffsetAt(local - Day), OffsetAt(local + Day) }.Distinct().Select(o => new DateTimeOffset(local - o, TimeSpan.Zero)).Where(i => LocalOf(i) == local);

    // The first second with the new offset, where the offset changes within a day of UTC.
    private DateTimeOffset? ChangeIn(DateTime date)
    {
        var (same, other) = (new DateTimeOffset(date, TimeSpan.Zero), new DateTimeOffset(date + Day, TimeSpan.Zero));
        TimeSpan offset = zone.GetUtcOffset(same);
        if (zone.GetUtcOffset(other) == offset)
            return null;
        while (other - same > TimeSpan.FromSeconds(1))
        {
            DateTimeOffset middle = same + TimeSpan.FromSeconds(Math.Floor((other - same).TotalSeconds / 2));
            (same, other) = zone.GetUtcOffset(middle) == offset ? (middle, other) : (same, middle);
        }

        return other;
    }

    private TimeSpan OffsetAt(DateTime utc) => zone.GetUtcOffset(new DateTimeOffset(utc, TimeSpan.Zero));

    private DateTime LocalOf(DateTimeOffset at) => at.UtcDateTime + zone.GetUtcOffset(at);

    private sealed record Weekly(DayOfWeek[] Days, TimeSpan From, TimeSpan To)
    {
        public static Weekly Of(WeeklyWindow window) => new([.. window.Days.Select(d => WindowRules.Day(d)!.Value)], WindowRules.Time(window.From)!.Value, WindowRules.Time(window.To)!.Value);

        public bool Covers(DateTime local)
        {
            TimeSpan time = local.TimeOfDay;
            bool overMidnight = To <= From;
            return (BeginsOn(local) && time >= From && (overMidnight || time < To)) || (overMidnight && time < To && BeginsOn(local - Day));
        }

        private bool BeginsOn(DateTime date) => Days.Length == 0 || Days.Contains(date.DayOfWeek);
    }
}
