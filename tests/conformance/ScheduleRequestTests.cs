using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>Requests about schedules as no SDK makes them, and what is shown of what was asked for.</summary>
public sealed class ScheduleRequestTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private static readonly RpcOptions Once = new() { Retry = false, Timeout = TimeSpan.FromSeconds(60) };

    private readonly string _id = RandomId.New("schedule");

    private WorkflowService Service => temporal.Client.WorkflowService;

    [Fact]
    public async Task An_update_with_an_old_token_changes_nothing()
    {
        var token = (await CreateAsync(new() { Spec = Every(1) })).ConflictToken;
        token.Length.ShouldBe(sizeof(long));
        await UpdateAsync(new() { Spec = Every(1), State = new() { Notes = "first" } });
        await Eventually.HoldsAsync(async () => (await DescribeAsync()).Schedule.State.Notes.ShouldBe("first"));

        await TooLateAsync(new() { Spec = Every(2), State = new() { Notes = "second" } }, token);
        await PatchAsync(new() { Pause = "looked at" });

        await Eventually.HoldsAsync(async () => (await DescribeAsync()).Schedule.State.Paused.ShouldBeTrue());
        (await DescribeAsync()).Schedule.Spec.Interval.Single().Interval.ShouldBe(Order.Seconds(3600));
    }

    [Fact]
    public async Task A_cron_line_is_shown_as_ranges_and_a_window_as_long_as_it_counts()
    {
        await CreateAsync(new() { Spec = new() { CronString = { "0 12 * * 3-7" } }, Policies = new() { CatchupWindow = Order.Seconds(1) } });

        var shown = (await DescribeAsync()).Schedule;

        var calendar = shown.Spec.StructuredCalendar.Single();
        calendar.DayOfWeek.Select(r => (r.Start, r.End, r.Step)).ShouldBe([(0, 0, 1), (3, 6, 1)]);
        calendar.Hour.Select(r => (r.Start, r.End, r.Step)).ShouldBe([(12, 12, 1)]);
        calendar.Year.ShouldBeEmpty();
        shown.Policies.CatchupWindow.ShouldBe(Order.Seconds(10));
    }

    [Fact]
    public async Task Matching_times_are_those_after_the_start()
    {
        await CreateAsync(new() { Spec = Every(1) });
        var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        var times = await Service.ListScheduleMatchingTimesAsync(
            new() { Namespace = temporal.Namespace, ScheduleId = _id, StartTime = Timestamp.FromDateTime(start), EndTime = Timestamp.FromDateTime(start.AddHours(3)) }, Once);

        times.StartTime.Select(t => t.ToDateTime().Hour).ShouldBe([1, 2, 3]);
        (await ByHand.RefusedAsync(() => Service.ListScheduleMatchingTimesAsync(new() { Namespace = temporal.Namespace, ScheduleId = _id }, Once)))
            .Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_schedule_without_an_action_does_nothing()
    {
        await CreateAsync(new() { Spec = Every(1), State = new() { Notes = "idle" } });

        await PatchAsync(new() { TriggerImmediately = new() });
        await PatchAsync(new() { Pause = "looked at" });

        await Eventually.HoldsAsync(async () => (await DescribeAsync()).Schedule.State.Paused.ShouldBeTrue());
        var info = (await DescribeAsync()).Info;
        (info.ActionCount, info.BufferSize).ShouldBe((0, 0));
    }

    [Theory]
    [InlineData("61 * * * *", "Minute is not in range [0-59]")]
    [InlineData("* * * *", "CronString does not have 5-7 fields")]
    [InlineData("*/0 * * * *", "Minute has invalid Step")]
    [InlineData("1-2-3 * * * *", "Minute has too many dashes")]
    [InlineData("* 5-1 * * *", "Hour End is before Start or not in range [0-23]")]
    public async Task A_cron_line_is_refused_with_what_is_wrong_with_it(string cron, string words)
    {
        var refused = await ByHand.RefusedAsync(() => CreateAsync(new() { Spec = new() { CronString = { cron } } }));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldBe($"Invalid schedule spec: {words}");
    }

    [Fact]
    public async Task A_request_is_looked_at_before_the_schedule()
    {
        await CreateAsync(new() { Spec = Every(1) });
        var bad = new ScheduleSpec { Interval = { new IntervalSpec { Interval = new() } } };

        (await ByHand.RefusedAsync(() => CreateAsync(new() { Spec = Every(1) }, requestId: ""))).Message.ShouldBe("RequestId is not set on request.");
        (await ByHand.RefusedAsync(() => CreateAsync(new() { Spec = bad }))).Message.ShouldBe("Invalid schedule spec: interval is too small");
        (await ByHand.RefusedAsync(() => CreateAsync(new() { Spec = Every(1) }))).Code.ShouldBe(RpcException.StatusCode.AlreadyExists);
        (await ByHand.RefusedAsync(() => PatchAsync(new() { Pause = new string('n', 1001) }))).Message.ShouldBe("Schedule notes exceeds limit.");
    }

    private static ScheduleSpec Every(int hours) => new() { Interval = { new IntervalSpec { Interval = Order.Seconds(hours * 3600) } } };

    private Task<CreateScheduleResponse> CreateAsync(Schedule schedule, string? requestId = null) => Service.CreateScheduleAsync(
        new() { Namespace = temporal.Namespace, ScheduleId = _id, Schedule = schedule, RequestId = requestId ?? Guid.NewGuid().ToString() }, Once);

    private Task<DescribeScheduleResponse> DescribeAsync() => Service.DescribeScheduleAsync(new() { Namespace = temporal.Namespace, ScheduleId = _id }, Once);

    // Some servers say that somebody else was faster, others do not.
    private async Task TooLateAsync(Schedule schedule, ByteString token)
    {
        try
        {
            await UpdateAsync(schedule, token);
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.FailedPrecondition)
        {
            // Said.
        }
    }

    private Task<UpdateScheduleResponse> UpdateAsync(Schedule schedule, ByteString? token = null) => Service.UpdateScheduleAsync(
        new() { Namespace = temporal.Namespace, ScheduleId = _id, Schedule = schedule, ConflictToken = token ?? ByteString.Empty, RequestId = Guid.NewGuid().ToString() }, Once);

    private Task<PatchScheduleResponse> PatchAsync(SchedulePatch patch) => Service.PatchScheduleAsync(
        new() { Namespace = temporal.Namespace, ScheduleId = _id, Patch = patch, RequestId = Guid.NewGuid().ToString() }, Once);
}
