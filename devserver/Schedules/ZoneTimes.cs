namespace Rotation.DevServer.Schedules;

/// <summary>
/// Local times of a zone in the order they really come: an hour that daylight saving repeats comes twice, one that it leaves out never. Searches one stretch of constant
/// offset after the other.
/// </summary>
internal sealed class ZoneTimes(TimeZoneInfo zone)
{
    private static readonly TimeSpan Step = TimeSpan.FromDays(1);
    private static readonly DateTime End = new(2101, 1, 2, 0, 0, 0, DateTimeKind.Utc);

    public DateTime ToLocal(DateTime utc) => DateTime.SpecifyKind(utc + zone.GetUtcOffset(utc), DateTimeKind.Unspecified);

    /// <summary>The first instant after <paramref name="after"/> at which the zone's clock shows a time the calendar names; null when there is none until 2100.</summary>
    public DateTime? Next(CalendarMatcher calendar, DateTime after)
    {
        var from = after.AddTicks(-(after.Ticks % TimeSpan.TicksPerSecond)).AddSeconds(1);
        while (from < End)
        {
            var offset = zone.GetUtcOffset(from);
            // The candidate bounds how far a change of offset must be looked for.
            var found = calendar.First(Local(from, offset), Local(End, offset));
            var candidate = found is null ? End : DateTime.SpecifyKind(found.Value - offset, DateTimeKind.Utc);
            if (Change(from, candidate, offset) is not { } change)
                return found is null ? null : candidate;
            from = change;
        }

        return null;
    }

    /// <summary>The first whole second after <paramref name="from"/>, up to <paramref name="to"/>, that has another offset.</summary>
    private DateTime? Change(DateTime from, DateTime to, TimeSpan offset)
    {
        for (var at = from; at < to;)
        {
            var next = at + Step < to ? at + Step : to;
            if (zone.GetUtcOffset(next) != offset)
                return Narrow(at, next, offset);
            at = next;
        }

        return null;
    }

    private DateTime Narrow(DateTime same, DateTime other, TimeSpan offset)
    {
        while (other - same > TimeSpan.FromSeconds(1))
        {
            var middle = same.AddSeconds(Math.Floor((other - same).TotalSeconds / 2));
            if (zone.GetUtcOffset(middle) == offset)
                same = middle;
            else
                other = middle;
        }

        return other;
    }

    private static DateTime Local(DateTime utc, TimeSpan offset) => DateTime.SpecifyKind(utc + offset, DateTimeKind.Unspecified);
}
