using Temporalio.Api.Schedule.V1;
using Range = Temporalio.Api.Schedule.V1.Range;

namespace Rotation.DevServer.Schedules;

/// <summary>The one form calendars are kept and shown in: ranges of numbers, with end and step filled.</summary>
internal static class CalendarForm
{
    private const int MaxComment = 200;

    public static StructuredCalendarSpec Structured(CalendarSpec calendar) => new()
    {
        Second = { RangeText.Second.Parse(calendar.Second) },
        Minute = { RangeText.Minute.Parse(calendar.Minute) },
        Hour = { RangeText.Hour.Parse(calendar.Hour) },
        DayOfMonth = { RangeText.DayOfMonth.Parse(calendar.DayOfMonth) },
        Month = { RangeText.Month.Parse(calendar.Month) },
        Year = { RangeText.Year.Parse(calendar.Year) },
        DayOfWeek = { RangeText.DayOfWeek.Parse(calendar.DayOfWeek) },
        Comment = calendar.Comment,
    };

    /// <summary>Throws <see cref="FormatException"/> with everything that is wrong; else fills ends and steps.</summary>
    public static void Check(StructuredCalendarSpec calendar)
    {
        var faults = Fields(calendar).SelectMany(f => f.Text.Faults(f.Ranges)).ToList();
        if (calendar.Comment.Length > MaxComment)
            faults.Add("comment is too long");
        if (faults.Count > 0)
            throw new FormatException($"invalid calendar spec: {string.Join(", ", faults)}");
        foreach (var range in Fields(calendar).SelectMany(f => f.Ranges))
        {
            range.End = Math.Max(range.Start, range.End);
            range.Step = Math.Max(1, range.Step);
        }
    }

    private static (RangeText Text, IEnumerable<Range> Ranges)[] Fields(StructuredCalendarSpec c) =>
    [
        (RangeText.Second, c.Second), (RangeText.Minute, c.Minute), (RangeText.Hour, c.Hour), (RangeText.DayOfMonth, c.DayOfMonth),
        (RangeText.Month, c.Month), (RangeText.Year, c.Year), (RangeText.DayOfWeek, c.DayOfWeek),
    ];
}
