using System.Globalization;
using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fleet;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client.Schedules;
using Xunit;

namespace Rotation.Tests.Workflow.Policies;

/// <summary>A year of a policy on the embedded server's own clock, with its schedules: every trigger, window, blackout and change of the clock as it comes.</summary>
public sealed class PolicyYearTests
{
    private const string Cluster = "ok-year.example.com";
    private const int MaxAgeDays = 27;
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public async Task A_year_of_windows_blackouts_and_both_changes_of_the_clock_starts_exactly_the_expected_rotations()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new FleetHarness(server);
        DateTimeOffset start = await server.NowAsync();
        DateTimeOffset end = start.AddDays(366);
        DateOnly[] blackout = [LocalDate(start.AddDays(60)), LocalDate(start.AddDays(110))];
        harness.World.Born(Cluster, start.AddDays(-20));
        var policy = new RotationPolicyRequest
        {
            Fleet = FleetHarness.Of("ok-year") with
            {
                Window = new() { TimeZone = Berlin.Id, Windows = [new() { Days = ["sun"], From = "01:00", To = "05:00" }], Blackouts = [new() { From = Text(blackout[0]), To = Text(blackout[1]) }] },
            },
            Due = new() { MaxAgeDays = MaxAgeDays, DaysToExpiry = 0 },
        };
        ScheduleHandle schedule = await CreateAsync(harness, policy);

        await server.PassAsync(end - start);

        // By hand: every minute of the year at which the clock in Berlin shows 02:30.
        List<DateTimeOffset> expected = [];
        int triggers = 0;
        DateTimeOffset born = start.AddDays(-20);
        for (DateTimeOffset at = Minute(start).AddMinutes(1); at < end; at = at.AddMinutes(1))
        {
            DateTime local = TimeZoneInfo.ConvertTime(at, Berlin).DateTime;
            if (local is not { Hour: 2, Minute: 30 })
                continue;
            triggers++;
            DateOnly date = DateOnly.FromDateTime(local);
            if (local.DayOfWeek != DayOfWeek.Sunday || (date >= blackout[0] && date <= blackout[1]) || (at - born).TotalDays < MaxAgeDays)
                continue;
            expected.Add(at);
            born = at;
        }

        await Eventually.HoldsAsync(() => harness.World.Begun.Select(b => Minute(b.At)).ShouldBe(expected));
        expected.Count.ShouldBeInRange(9, 13);
        ScheduleDescription description = await schedule.DescribeAsync();
        description.Info.NumActions.ShouldBe(triggers);
        description.Info.NumActionsSkippedOverlap.ShouldBe(0);
        await schedule.DeleteAsync();
    }

    [Fact]
    public async Task While_its_rotation_is_at_work_the_schedule_skips_its_turns_and_a_failure_pauses_it()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new FleetHarness(server);
        var policy = new RotationPolicyRequest { Fleet = FleetHarness.Of("slow-a", "fail-b") with { HoldLimit = KopsDuration.FromHours(2000) }, Due = new() { Always = true } };
        ScheduleHandle schedule = await CreateAsync(harness, policy);
        await server.PassAsync(TimeSpan.FromDays(3));
        string first = harness.World.Begun.ShouldHaveSingleItem().Cluster;

        ScheduleDescription running = await schedule.DescribeAsync();
        running.Info.NumActionsSkippedOverlap.ShouldBeInRange(1, 2);
        string run = ((ScheduleActionExecutionStartWorkflow)running.Info.RunningActions.ShouldHaveSingleItem()).WorkflowId;
        await harness.Client.GetWorkflowHandle($"{run}-fleet-{first}").SignalAsync("go", []);

        var failure = await RotationHarness.FailureOfAsync(harness.Client.GetWorkflowHandle(run));
        failure.ErrorType.ShouldBe(RotationErrors.FleetIncomplete);
        failure.Message.ShouldContain("fail-b.example.com is Failed: KopsUsage");
        await Eventually.GetAsync(async () => (await schedule.DescribeAsync()).Schedule.State.Paused, paused => paused);
        await schedule.DeleteAsync();
    }

    private static Task<ScheduleHandle> CreateAsync(FleetHarness harness, RotationPolicyRequest policy)
    {
        string id = RandomId.New("policy");
        var action = ScheduleActionStartWorkflow.Create((RotationPolicy w) => w.RunAsync(policy), new(id, harness.Queue));
        var spec = new ScheduleSpec { Calendars = [new() { Hour = [new(2)], Minute = [new(30)] }], TimeZoneName = Berlin.Id };
        return harness.Client.CreateScheduleAsync(id, new(action, spec) { Policy = new() { PauseOnFailure = true } });
    }

    private static DateOnly LocalDate(DateTimeOffset at) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, Berlin).DateTime);

    private static string Text(DateOnly date) => date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset Minute(DateTimeOffset at) => at.AddTicks(-(at.Ticks % TimeSpan.TicksPerMinute));
}
