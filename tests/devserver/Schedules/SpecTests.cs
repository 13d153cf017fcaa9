using System.Globalization;
using Rotation.DevServer.Schedules;
using Rotation.DevServer.Transport;
using Shouldly;
using Temporalio.Api.Schedule.V1;
using Xunit;

namespace Rotation.Tests.DevServer.Schedules;

/// <summary>When a schedule acts.</summary>
public sealed class SpecTests
{
    [Theory]
    [InlineData("0 12 * * *", "2026-01-01T00:00:00Z", "2026-01-01T12:00:00Z 2026-01-02T12:00:00Z")]
    [InlineData("*/20 * * * *", "2026-01-01T00:00:00Z", "2026-01-01T00:20:00Z 2026-01-01T00:40:00Z 2026-01-01T01:00:00Z")]
    [InlineData("30 3 29 2 *", "2026-01-01T00:00:00Z", "2028-02-29T03:30:00Z 2032-02-29T03:30:00Z")]
    [InlineData("0 0 13 * 5", "2026-01-01T00:00:00Z", "2026-02-13T00:00:00Z 2026-03-13T00:00:00Z 2026-11-13T00:00:00Z")]
    [InlineData("0 2 * jan,mar mon-wed # quiet hours", "2026-01-27T03:00:00Z", "2026-01-28T02:00:00Z 2026-03-02T02:00:00Z")]
    [InlineData("0 0 * * 5-7", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z 2026-11-21T00:00:00Z 2026-11-22T00:00:00Z 2026-11-27T00:00:00Z")]
    [InlineData("0 0 * * 5/2", "2026-11-19T00:00:00Z", "2026-11-20T00:00:00Z 2026-11-22T00:00:00Z 2026-11-27T00:00:00Z")]
    [InlineData("15 10 1 1 * 2030", "2026-01-01T00:00:00Z", "2030-01-01T10:15:00Z")]
    [InlineData("7 15 10 1 1 * 2030", "2026-01-01T00:00:00Z", "2030-01-01T10:15:07Z")]
    [InlineData("@weekly", "2026-11-24T00:00:00Z", "2026-11-29T00:00:00Z 2026-12-06T00:00:00Z")]
    [InlineData("@every 6h/1h", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z 2026-01-01T07:00:00Z")]
    [InlineData("TZ=Europe/Berlin 30 12 * * *", "2026-07-01T00:00:00Z", "2026-07-01T10:30:00Z")]
    public void A_cron_line_gives_these_times(string line, string after, string expected) =>
        Times(new ScheduleSpec { CronString = { line } }, after, expected.Split(' ').Length).ShouldBe(expected.Split(' '));

    // Berlin: 2026-03-29 02:00 becomes 03:00, 2026-10-25 03:00 becomes 02:00.
    [Theory]
    [InlineData("30 2 * * *", "2026-03-28T12:00:00Z", "2026-03-30T00:30:00Z 2026-03-31T00:30:00Z")]
    [InlineData("30 2 * * *", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z 2026-10-25T01:30:00Z 2026-10-26T01:30:00Z")]
    [InlineData("0 3 * * *", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z 2026-03-30T01:00:00Z")]
    [InlineData("0 3 * * *", "2026-10-24T12:00:00Z", "2026-10-25T02:00:00Z 2026-10-26T02:00:00Z")]
    [InlineData("45 * * * *", "2026-10-24T23:50:00Z", "2026-10-25T00:45:00Z 2026-10-25T01:45:00Z 2026-10-25T02:45:00Z")]
    public void Daylight_saving_skips_hours_that_are_not_and_repeats_those_that_are_twice(string line, string after, string expected) =>
        Times(new ScheduleSpec { CronString = { line }, TimezoneName = "Europe/Berlin" }, after, expected.Split(' ').Length).ShouldBe(expected.Split(' '));

    [Fact]
    public void Excluded_times_and_those_outside_start_and_end_are_left_out()
    {
        var spec = new ScheduleSpec
        {
            Calendar = { new CalendarSpec { Hour = "9" } },
            ExcludeStructuredCalendar = { new StructuredCalendarSpec { Second = { All(59) }, Minute = { All(59) }, Hour = { All(23) }, DayOfMonth = { At(25) }, Month = { At(12) }, Year = { At(2026) }, DayOfWeek = { All(6) } } },
            StartTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(Instant("2026-12-24T09:00:00Z")),
            EndTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(Instant("2026-12-27T09:00:00Z")),
        };

        Times(spec, "2026-01-01T00:00:00Z", 9).ShouldBe(["2026-12-24T09:00:00Z", "2026-12-26T09:00:00Z", "2026-12-27T09:00:00Z"]);
    }

    [Fact]
    public void Jitter_is_the_same_every_time_and_never_reaches_the_time_after()
    {
        var spec = SpecForm.Canonical(new ScheduleSpec { Interval = { new IntervalSpec { Interval = Seconds(60) } }, Jitter = Seconds(3600) });
        var times = new CompiledSpec(spec, "one").Between(Instant("2026-01-01T00:00:00Z"), Instant("2026-01-01T10:00:00Z")).ToList();

        times.ShouldBe(new CompiledSpec(spec, "one").Between(Instant("2026-01-01T00:00:00Z"), Instant("2026-01-01T10:00:00Z")));
        times.ShouldNotBe(new CompiledSpec(spec, "two").Between(Instant("2026-01-01T00:00:00Z"), Instant("2026-01-01T10:00:00Z")));
        times.ShouldAllBe(t => t.Actual >= t.Nominal && t.Actual < t.Nominal.AddSeconds(60));
        times.Select(t => t.Actual - t.Nominal).Distinct().Count().ShouldBeGreaterThan(100);
    }

    [Fact]
    public void Calendars_are_shown_as_ranges()
    {
        var spec = SpecForm.Canonical(new ScheduleSpec { Calendar = { new CalendarSpec { Hour = "1-10/3", DayOfWeek = "mon", Comment = "c" } } });

        spec.Calendar.ShouldBeEmpty();
        var one = spec.StructuredCalendar.ShouldHaveSingleItem();
        one.Hour.ShouldHaveSingleItem().ToString().ShouldBe("""{ "start": 1, "end": 10, "step": 3 }""");
        one.DayOfWeek.ShouldHaveSingleItem().ToString().ShouldBe("""{ "start": 1, "end": 1, "step": 1 }""");
        one.Second.ShouldHaveSingleItem().ToString().ShouldBe("""{ "step": 1 }""");
        one.Year.ShouldBeEmpty();
        one.Comment.ShouldBe("c");
    }

    [Theory]
    [InlineData("61 * * * *", "Minute is not in range [0-59]")]
    [InlineData("5-61 * * * *", "Minute End is before Start or not in range [0-59]")]
    [InlineData("@every", "does not have interval after @every")]
    [InlineData("TZ=UTC", "has time zone but missing fields")]
    [InlineData("* * * *", "does not have 5-7 fields")]
    [InlineData("* * * foo *", "Month")]
    [InlineData("1-2-3 * * * *", "Minute")]
    [InlineData("*/0 * * * *", "Minute")]
    [InlineData("TZ=Nowhere/Never * * * * *", "Nowhere/Never")]
    [InlineData("@every 1ms", "too small")]
    [InlineData("@every often", "often")]
    public void A_cron_line_that_cannot_be_followed_is_refused_with_the_reason(string line, string part) =>
        Should.Throw<RpcFailure>(() => SpecForm.Canonical(new ScheduleSpec { CronString = { line } })).Message.ShouldContain(part);

    [Fact]
    public void Ranges_that_came_as_numbers_are_checked_all_at_once()
    {
        var failure = Should.Throw<RpcFailure>(() => SpecForm.Canonical(new ScheduleSpec
        {
            StructuredCalendar = { new StructuredCalendarSpec { Hour = { new Temporalio.Api.Schedule.V1.Range { Start = 24 } }, Minute = { new Temporalio.Api.Schedule.V1.Range { Start = 5, End = 3 } } } },
        }));

        failure.Message.ShouldBe("Invalid schedule spec: invalid calendar spec: Minute End is before Start or not in range [0-59], Hour Start is not in range [0-23]");
    }

    private static string[] Times(ScheduleSpec spec, string after, int count) =>
        [.. new CompiledSpec(SpecForm.Canonical(spec), "seed").Between(Instant(after), DateTime.MaxValue).Take(count).Select(t => t.Nominal.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture))];

    private static DateTime Instant(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture).UtcDateTime;

    private static Google.Protobuf.WellKnownTypes.Duration Seconds(int seconds) => Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(TimeSpan.FromSeconds(seconds));

    private static Temporalio.Api.Schedule.V1.Range All(int end) => new() { Start = 0, End = end };

    private static Temporalio.Api.Schedule.V1.Range At(int value) => new() { Start = value };
}
