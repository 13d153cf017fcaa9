using System.Globalization;
using System.Text.Json;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Policies;
using Rotation.Workflows.Serialization;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules.Policies;

public sealed class WindowCalendarTests
{
    [Theory]
    // New York puts the clock on at 02:00 on 8 March 2026 and back at 02:00 on 1 November.
    [InlineData("America/New_York", "01:00", "04:00", "2026-03-07T12:00Z", "2026-03-08T12:00Z", "2026-03-08T06:00Z/2026-03-08T08:00Z")]
    [InlineData("America/New_York", "02:15", "02:45", "2026-03-07T12:00Z", "2026-03-09T12:00Z", "2026-03-09T06:15Z/2026-03-09T06:45Z")]
    [InlineData("America/New_York", "01:30", "02:30", "2026-03-07T12:00Z", "2026-03-08T12:00Z", "2026-03-08T06:30Z/2026-03-08T07:00Z")]
    [InlineData("America/New_York", "02:30", "03:30", "2026-03-07T12:00Z", "2026-03-08T12:00Z", "2026-03-08T07:00Z/2026-03-08T07:30Z")]
    [InlineData("America/New_York", "00:30", "03:00", "2026-10-31T12:00Z", "2026-11-01T12:00Z", "2026-11-01T04:30Z/2026-11-01T08:00Z")]
    [InlineData("America/New_York", "01:15", "01:45", "2026-10-31T12:00Z", "2026-11-01T12:00Z", "2026-11-01T05:15Z/2026-11-01T05:45Z", "2026-11-01T06:15Z/2026-11-01T06:45Z")]
    [InlineData("America/New_York", "22:00", "01:30", "2026-10-31T12:00Z", "2026-11-01T12:00Z", "2026-11-01T02:00Z/2026-11-01T05:30Z", "2026-11-01T06:00Z/2026-11-01T06:30Z")]
    // Berlin changes at 01:00 UTC: 29 March and 25 October 2026.
    [InlineData("Europe/Berlin", "22:00", "04:00", "2026-03-28T12:00Z", "2026-03-29T12:00Z", "2026-03-28T21:00Z/2026-03-29T02:00Z")]
    [InlineData("Europe/Berlin", "22:00", "04:00", "2026-10-24T12:00Z", "2026-10-25T12:00Z", "2026-10-24T20:00Z/2026-10-25T03:00Z")]
    // Lord Howe Island moves by half an hour; Cairo at midnight; Kathmandu is 05:45 ahead and never moves; Apia skipped 30 December 2011.
    [InlineData("Australia/Lord_Howe", "01:00", "03:00", "2026-10-03T12:00Z", "2026-10-04T12:00Z", "2026-10-03T14:30Z/2026-10-03T16:00Z")]
    [InlineData("Africa/Cairo", "00:15", "02:00", "2026-04-23T12:00Z", "2026-04-24T12:00Z", "2026-04-23T22:00Z/2026-04-23T23:00Z")]
    [InlineData("Asia/Kathmandu", "00:00", "01:00", "2026-06-01T00:00Z", "2026-06-01T23:00Z", "2026-06-01T18:15Z/2026-06-01T19:15Z")]
    [InlineData("Pacific/Apia", "12:00", "13:00", "2011-12-29T12:00Z", "2011-12-31T12:00Z", "2011-12-29T22:00Z/2011-12-29T23:00Z", "2011-12-30T22:00Z/2011-12-30T23:00Z")]
    // A whole day, and one that begins before the time that is asked about and ends after it.
    [InlineData("UTC", "00:00", "24:00", "2026-06-01T06:00Z", "2026-06-03T06:00Z", "2026-06-01T06:00Z/2026-06-03T06:00Z")]
    [InlineData("UTC", "22:00", "04:00", "2026-06-01T23:00Z", "2026-06-02T23:00Z", "2026-06-01T23:00Z/2026-06-02T04:00Z", "2026-06-02T22:00Z/2026-06-02T23:00Z")]
    public void Daily_windows(string zone, string opens, string closes, string from, string until, params string[] expected) =>
        Times(zone, new() { Windows = [new() { From = opens, To = closes }] }, from, until).ShouldBe(expected);

    [Fact]
    public void A_window_over_midnight_belongs_to_the_day_on_which_it_begins() =>
        Times("Europe/Berlin", new() { Windows = [new() { Days = ["sat"], From = "22:00", To = "04:00" }] }, "2026-06-01T00:00Z", "2026-06-15T00:00Z")
            .ShouldBe(["2026-06-06T20:00Z/2026-06-07T02:00Z", "2026-06-13T20:00Z/2026-06-14T02:00Z"]);

    [Fact]
    public void Windows_that_touch_or_overlap_are_one_time() =>
        Times("UTC", new() { Windows = [new() { From = "22:00", To = "24:00" }, new() { From = "00:00", To = "02:00" }, new() { Days = ["tuesday"], From = "01:00", To = "05:00" }] }, "2026-06-01T12:00Z", "2026-06-02T12:00Z")
            .ShouldBe(["2026-06-01T22:00Z/2026-06-02T05:00Z"]);

    [Fact]
    public void Blackouts_cut_windows_at_local_midnight_leap_days_counted() =>
        Times("Europe/Berlin", new() { Windows = [new() { From = "22:00", To = "04:00" }], Blackouts = [new() { From = "2028-02-28", To = "2028-02-29" }] }, "2028-02-27T12:00Z", "2028-03-01T12:00Z")
            .ShouldBe(["2028-02-27T21:00Z/2028-02-27T23:00Z", "2028-02-29T23:00Z/2028-03-01T03:00Z"]);

    [Fact]
    public void Without_windows_it_is_open_but_for_blackouts() =>
        Times("UTC", new() { Blackouts = [new() { From = "2026-12-24" }] }, "2026-12-23T00:00Z", "2026-12-26T00:00Z")
            .ShouldBe(["2026-12-23T00:00Z/2026-12-24T00:00Z", "2026-12-25T00:00Z/2026-12-26T00:00Z"]);

    [Theory]
    [InlineData("America/New_York")]
    [InlineData("Europe/Berlin")]
    [InlineData("Australia/Lord_Howe")]
    [InlineData("Africa/Cairo")]
    [InlineData("America/Santiago")]
    public void Every_five_minutes_of_two_years_the_times_agree_with_the_clock_on_the_wall(string zone)
    {
        TimeZoneInfo info = TimeZoneInfo.FindSystemTimeZoneById(zone);
        var window = new MaintenanceWindow
        {
            Windows = [new() { Days = ["sat", "sun"], From = "23:30", To = "02:20" }, new() { Days = ["wed"], From = "00:30", To = "03:00" }],
            Blackouts = [new() { From = "2027-12-20", To = "2028-01-03" }, new() { From = "2028-02-29" }],
        };
        var calendar = new WindowCalendar(window, info);
        DateTimeOffset start = At("2027-01-01T00:00Z");
        IReadOnlyList<OpenTime> times = calendar.OpenTimes(start, start.AddYears(2));

        int next = 0;
        for (DateTimeOffset at = start; at < start.AddYears(2); at += TimeSpan.FromMinutes(5))
        {
            while (next < times.Count && times[next].Until <= at)
                next++;
            bool open = next < times.Count && times[next].From <= at;
            open.ShouldBe(IsOpenByTheWall(TimeZoneInfo.ConvertTime(at, info).DateTime), $"{zone} at {at:u}");
        }

        times.Count.ShouldBeGreaterThan(250);
    }

    [Theory]
    [InlineData("""{"windows": [{"from": "22:00", "to": "24:01"}]}""", "windows[0].to")]
    [InlineData("""{"windows": [{"from": "24:00", "to": "04:00"}]}""", "windows[0].from")]
    [InlineData("""{"windows": [{"from": "22:00", "to": "22:00"}]}""", "windows[0].to")]
    [InlineData("""{"windows": [{"from": "22:00", "to": "04:00"}, {"days": ["caturday"], "from": "22:00", "to": "04:00"}]}""", "windows[1].days")]
    [InlineData("""{"blackouts": [{"from": "2026-02-29"}]}""", "blackouts[0].from")]
    [InlineData("""{"blackouts": [{"from": "2026-03-02", "to": "2026-03-01"}]}""", "blackouts[0].to")]
    [InlineData("""{"timeZone": ""}""", "timeZone")]
    [InlineData("""{"windows": [{"form": "22:00", "to": "04:00"}]}""", "windows[0].form")]
    [InlineData("""{"windows": ["22:00-04:00"]}""", "windows[0]: must be one JSON object")]
    public void What_is_mistyped_is_named(string json, string names)
    {
        MaintenanceWindow window = JsonSerializer.Deserialize<MaintenanceWindow>(json, RotationDataConverter.Json)!;

        window.Problems.Concat(WindowRules.ProblemsOf(window)).ShouldContain(p => p.StartsWith(names, StringComparison.Ordinal));
    }

    private static bool IsOpenByTheWall(DateTime local)
    {
        if ((local >= new DateTime(2027, 12, 20) && local < new DateTime(2028, 1, 4)) || local.Date == new DateTime(2028, 2, 29))
            return false;
        return local.DayOfWeek switch
        {
            DayOfWeek.Saturday => local.TimeOfDay >= new TimeSpan(23, 30, 0),
            DayOfWeek.Sunday => local.TimeOfDay >= new TimeSpan(23, 30, 0) || local.TimeOfDay < new TimeSpan(2, 20, 0),
            DayOfWeek.Monday => local.TimeOfDay < new TimeSpan(2, 20, 0),
            DayOfWeek.Wednesday => local.TimeOfDay >= new TimeSpan(0, 30, 0) && local.TimeOfDay < new TimeSpan(3, 0, 0),
            _ => false,
        };
    }

    private static IEnumerable<string> Times(string zone, MaintenanceWindow window, string from, string until) =>
        new WindowCalendar(window, TimeZoneInfo.FindSystemTimeZoneById(zone)).OpenTimes(At(from), At(until)).Select(t => $"{t.From.UtcDateTime:yyyy-MM-ddTHH:mm}Z/{t.Until.UtcDateTime:yyyy-MM-ddTHH:mm}Z");

    private static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
