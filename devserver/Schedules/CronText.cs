using Google.Protobuf.WellKnownTypes;
using Rotation.DevServer.Visibility;
using Temporalio.Api.Schedule.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>
/// A cron line as Temporal reads it: 5 fields, 6 with a year, 7 with leading seconds; <c>TZ=</c> or <c>CRON_TZ=</c> before, a comment after <c>#</c>, the words
/// <c>@hourly</c> to <c>@yearly</c>, and <c>@every 12h/3h</c> (interval and phase).
/// </summary>
/// <param name="Calendar">What it comes to, unless it is an interval.</param>
/// <param name="Interval">What an <c>@every</c> line comes to.</param>
/// <param name="Zone">Its time zone; empty when it names none.</param>
internal sealed record CronText(StructuredCalendarSpec? Calendar, IntervalSpec? Interval, string Zone)
{
    private static readonly Dictionary<string, string> Words = new(StringComparer.Ordinal)
    {
        ["@yearly"] = "0 0 1 1 *",
        ["@annually"] = "0 0 1 1 *",
        ["@monthly"] = "0 0 1 * *",
        ["@weekly"] = "0 0 * * 0",
        ["@daily"] = "0 0 * * *",
        ["@midnight"] = "0 0 * * *",
        ["@hourly"] = "0 * * * *",
    };

    /// <summary>Throws <see cref="FormatException"/> or <see cref="OverflowException"/>.</summary>
    public static CronText Parse(string line)
    {
        var text = line.Trim();
        var zone = "";
        if (text.StartsWith("TZ=", StringComparison.Ordinal) || text.StartsWith("CRON_TZ=", StringComparison.Ordinal))
        {
            if (!text.Contains(' ', StringComparison.Ordinal))
                throw new FormatException("CronString has time zone but missing fields");
            (var head, text) = Cut(text, ' ');
            zone = Cut(head, '=').After;
        }

        (text, var comment) = Cut(text, '#');
        text = text.Trim();
        if (text.StartsWith("@every", StringComparison.Ordinal))
            return new CronText(null, Every(Cut(text, ' ').After), "");
        var fields = Words.GetValueOrDefault(text, text).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        var calendar = fields.Length switch
        {
            5 => Of(["0", .. fields, "*"]),
            6 => Of(["0", .. fields]),
            7 => Of(fields),
            _ => throw new FormatException("CronString does not have 5-7 fields"),
        };
        calendar.Comment = comment.Trim();
        return new CronText(CalendarForm.Structured(calendar), null, zone);
    }

    private static CalendarSpec Of(string[] f) => new()
    {
        Second = f[0],
        Minute = f[1],
        Hour = f[2],
        DayOfMonth = f[3],
        Month = f[4],
        DayOfWeek = f[5],
        Year = f[6],
    };

    private static IntervalSpec Every(string text)
    {
        if (text.Length == 0)
            throw new FormatException("CronString does not have interval after @every");
        var (interval, phase) = Cut(text.Trim(), '/');
        var spec = new IntervalSpec { Interval = Duration.FromTimeSpan(GoDuration.Parse(interval)) };
        if (phase.Length > 0)
            spec.Phase = Duration.FromTimeSpan(GoDuration.Parse(phase));
        return spec;
    }

    private static (string Before, string After) Cut(string text, char at)
    {
        var index = text.IndexOf(at, StringComparison.Ordinal);
        return index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);
    }
}
