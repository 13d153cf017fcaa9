using Rotation.DevServer.Transport;
using Temporalio.Api.Schedule.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>Brings a schedule's spec into the form it is kept in, and refuses one that cannot be followed.</summary>
internal static class SpecForm
{
    /// <summary>A copy without calendar texts and cron lines. INVALID_ARGUMENT says what is wrong.</summary>
    public static ScheduleSpec Canonical(ScheduleSpec? given)
    {
        var spec = given?.Clone() ?? new ScheduleSpec();
        try
        {
            if (!spec.TimezoneData.IsEmpty)
                throw new FormatException("timezone_data is not part of this embedded server; name the time zone");
            spec.StructuredCalendar.Add(spec.Calendar.Select(CalendarForm.Structured));
#pragma warning disable CS0612 // An old field that clients may still send.
            spec.ExcludeStructuredCalendar.Add(spec.ExcludeCalendar.Select(CalendarForm.Structured));
            spec.ExcludeCalendar.Clear();
#pragma warning restore CS0612
            TakeCron(spec);
            spec.Calendar.Clear();
            spec.CronString.Clear();
            foreach (var calendar in spec.StructuredCalendar.Concat(spec.ExcludeStructuredCalendar))
                CalendarForm.Check(calendar);
            foreach (var interval in spec.Interval)
                Check(interval);
            Zone(spec);
            return spec;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            throw Failures.InvalidArgument($"Invalid schedule spec: {e.Message}");
        }
    }

    /// <summary>The zone its calendars are meant in; UTC when it names none.</summary>
    public static TimeZoneInfo Zone(ScheduleSpec spec)
    {
        if (spec.TimezoneName.Length == 0)
            return TimeZoneInfo.Utc;
        return TimeZoneInfo.TryFindSystemTimeZoneById(spec.TimezoneName, out var zone) ? zone : throw new FormatException($"unknown time zone {spec.TimezoneName}");
    }

    private static void TakeCron(ScheduleSpec spec)
    {
        var lines = spec.CronString.Select(CronText.Parse).ToList();
        spec.StructuredCalendar.Add(lines.Where(l => l.Calendar is not null).Select(l => l.Calendar));
        spec.Interval.Add(lines.Where(l => l.Interval is not null).Select(l => l.Interval));
        var zones = lines.Select(l => l.Zone).Distinct(StringComparer.Ordinal).ToList();
        if (zones.Count > 1)
            throw new FormatException("conflicting timezone names");
        if (zones is not [{ Length: > 0 } zone])
            return;
        if (spec.TimezoneName.Length > 0 && spec.TimezoneName != zone)
            throw new FormatException("conflicting timezone names");
        spec.TimezoneName = zone;
    }

    private static void Check(IntervalSpec interval)
    {
        var every = interval.Interval?.ToTimeSpan() ?? TimeSpan.Zero;
        var phase = interval.Phase?.ToTimeSpan() ?? TimeSpan.Zero;
        if (every < TimeSpan.FromSeconds(1))
            throw new FormatException("interval is too small");
        if (phase < TimeSpan.Zero)
            throw new FormatException("phase is negative");
        if (phase >= every)
            throw new FormatException("phase cannot be greater than Interval");
    }
}
