using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Client.Schedules;
using Temporalio.Common;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>Schedules through the SDK's client.</summary>
public sealed class ScheduleTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Bench _bench = new(temporal);

    [Fact]
    public async Task A_new_schedule_shows_what_it_will_do()
    {
        var spec = new ScheduleSpec { Calendars = [new ScheduleCalendarSpec { Hour = [new(3)], DayOfWeek = [new(1, 5)] }] };
        var handle = await CreateAsync(Schedule(Echoes(), spec) with { State = new() { Note = "nights" } });

        var described = await handle.DescribeAsync();

        described.Id.ShouldBe(handle.Id);
        described.Schedule.State.Note.ShouldBe("nights");
        described.Schedule.State.Paused.ShouldBeFalse();
        described.Schedule.Policy.Overlap.ShouldBe(ScheduleOverlapPolicy.Skip);
        described.Schedule.Spec.Calendars.ShouldHaveSingleItem().Hour.ShouldHaveSingleItem().Start.ShouldBe(3);
        described.Info.NumActions.ShouldBe(0);
        described.Info.NextActionTimes.Count.ShouldBe(10);
        described.Info.NextActionTimes.ShouldAllBe(t => t.Hour == 3 && t.DayOfWeek != DayOfWeek.Saturday && t.DayOfWeek != DayOfWeek.Sunday);
        described.Info.NextActionTimes.ShouldBeInOrder();
        (await Should.ThrowAsync<ScheduleAlreadyRunningException>(_bench.Client.CreateScheduleAsync(handle.Id, Schedule(Echoes(), spec)))).Message.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task An_interval_starts_workflows_that_know_who_started_them()
    {
        var id = RandomId.New("wf");
        await _bench.RunAsync(async () =>
        {
            var handle = await CreateAsync(Schedule(Echoes(id), Every(Second)) with { Policy = new() { Overlap = ScheduleOverlapPolicy.AllowAll } });

            await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActions.ShouldBeGreaterThanOrEqualTo(2));
            var recent = (await handle.DescribeAsync()).Info.RecentActions.ToList();
            await handle.DeleteAsync();

            var first = recent[0].Action.ShouldBeOfType<ScheduleActionExecutionStartWorkflow>();
            first.WorkflowId.ShouldBe($"{id}-{recent[0].ScheduledAt:yyyy-MM-ddTHH:mm:ssZ}");
            var run = await _bench.Client.GetWorkflowHandle(first.WorkflowId).DescribeAsync();
            run.TypedSearchAttributes.Get(SearchAttributeKey.CreateKeyword("TemporalScheduledById")).ShouldBe(handle.Id);
            run.TypedSearchAttributes.Get(SearchAttributeKey.CreateDateTimeOffset("TemporalScheduledStartTime")).ShouldBe(new DateTimeOffset(recent[0].ScheduledAt));
            (recent[1].ScheduledAt - recent[0].ScheduledAt).ShouldBe(Second);
        });
    }

    [Fact]
    public async Task A_paused_schedule_does_nothing_until_it_is_unpaused()
    {
        var handle = await CreateAsync(Schedule(Echoes(), Every(Second)) with { State = new() { Paused = true, Note = "not yet" } });
        await handle.TriggerAsync();
        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActions.ShouldBe(1));

        await handle.UnpauseAsync("now");
        var unpaused = await handle.DescribeAsync();
        await handle.PauseAsync("stop again");
        var paused = await handle.DescribeAsync();

        (unpaused.Schedule.State.Paused, unpaused.Schedule.State.Note).ShouldBe((false, "now"));
        (paused.Schedule.State.Paused, paused.Schedule.State.Note).ShouldBe((true, "stop again"));
    }

    [Fact]
    public async Task Skip_leaves_out_what_would_overlap()
    {
        var handle = await CreateAsync(Schedule(Waits(), Every(Second)));

        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActionsSkippedOverlap.ShouldBeGreaterThanOrEqualTo(2));

        var info = (await handle.DescribeAsync()).Info;
        info.NumActions.ShouldBe(1);
        info.RunningActions.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Buffer_one_keeps_one_and_starts_it_after_the_end_of_the_other()
    {
        var handle = await CreateAsync(Schedule(Waits(), Never) with { Policy = new() { Overlap = ScheduleOverlapPolicy.BufferOne } });
        for (var n = 0; n < 3; n++)
            await handle.TriggerAsync();
        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActionsSkippedOverlap.ShouldBe(1));
        var first = await RunningAsync(handle);

        await first.TerminateAsync();

        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActions.ShouldBe(2));
        (await RunningAsync(handle)).RunId.ShouldNotBe(first.RunId);
    }

    [Fact]
    public async Task Terminate_other_ends_the_one_that_runs()
    {
        var handle = await CreateAsync(Schedule(Waits(), Never) with { Policy = new() { Overlap = ScheduleOverlapPolicy.TerminateOther } });
        await handle.TriggerAsync();
        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.RunningActions.ShouldHaveSingleItem());
        var first = await RunningAsync(handle);

        await handle.TriggerAsync();

        await Eventually.HoldsAsync(async () => (await first.DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Terminated));
        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActions.ShouldBe(2));
    }

    [Fact]
    public async Task Cancel_other_asks_it_and_waits_for_its_end()
    {
        await _bench.RunAsync(async () =>
        {
            var handle = await CreateAsync(Schedule(Waits(), Never) with { Policy = new() { Overlap = ScheduleOverlapPolicy.CancelOther } });
            await handle.TriggerAsync();
            await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.RunningActions.ShouldHaveSingleItem());
            var first = await RunningAsync(handle);

            await handle.TriggerAsync();

            await Eventually.HoldsAsync(async () => (await first.DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Canceled));
            await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActions.ShouldBe(2));
        });
    }

    [Fact]
    public async Task Allow_all_starts_them_side_by_side()
    {
        var handle = await CreateAsync(Schedule(Waits(), Every(Second)) with { Policy = new() { Overlap = ScheduleOverlapPolicy.AllowAll } });

        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActions.ShouldBeGreaterThanOrEqualTo(2));

        (await handle.DescribeAsync()).Info.NumActionsSkippedOverlap.ShouldBe(0);
    }

    [Fact]
    public async Task A_limited_schedule_stops_by_itself()
    {
        await _bench.RunAsync(async () =>
        {
            var handle = await CreateAsync(Schedule(Echoes(), Every(Second)) with { State = new() { LimitedActions = true, RemainingActions = 2 } });

            await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Schedule.State.RemainingActions.ShouldBe(0));

            var described = await handle.DescribeAsync();
            described.Info.NumActions.ShouldBe(2);
            described.Info.NextActionTimes.ShouldBeEmpty();
        });
    }

    [Fact]
    public async Task A_failure_pauses_a_schedule_that_wants_it()
    {
        await _bench.RunAsync(async () =>
        {
            var action = ScheduleActionStartWorkflow.Create((Failing f) => f.RunAsync("no such node"), _bench.With());
            var handle = await CreateAsync(Schedule(action, Never) with { Policy = new() { PauseOnFailure = true } });

            await handle.TriggerAsync();

            await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Schedule.State.Paused.ShouldBeTrue());
            (await handle.DescribeAsync()).Schedule.State.Note.ShouldStartWith("paused due to workflow failure");
        });
    }

    [Fact]
    public async Task Back_fill_takes_the_actions_of_the_past()
    {
        await _bench.RunAsync(async () =>
        {
            var start = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
            var handle = await CreateAsync(Schedule(Echoes(), Every(TimeSpan.FromHours(1))) with { State = new() { Paused = true } });

            await handle.BackfillAsync([new ScheduleBackfill(start, start.AddHours(4), ScheduleOverlapPolicy.AllowAll)]);

            await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.NumActions.ShouldBe(5));
            (await handle.DescribeAsync()).Info.RecentActions.Select(a => a.ScheduledAt.Hour).Order().ShouldBe([0, 1, 2, 3, 4]);
        });
    }

    [Fact]
    public async Task An_update_replaces_what_it_does()
    {
        var handle = await CreateAsync(Schedule(Echoes(), Never));

        await handle.UpdateAsync(input => new ScheduleUpdate(input.Description.Schedule with { Spec = Every(TimeSpan.FromHours(2)), State = new() { Note = "every two hours", Paused = true } }));

        var described = await handle.DescribeAsync();
        described.Schedule.Spec.Intervals.ShouldHaveSingleItem().Every.ShouldBe(TimeSpan.FromHours(2));
        described.Schedule.State.Note.ShouldBe("every two hours");
        described.Info.LastUpdatedAt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_deleted_schedule_is_gone_and_what_it_started_goes_on()
    {
        var handle = await CreateAsync(Schedule(Waits(), Never));
        await handle.TriggerAsync();
        await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Info.RunningActions.ShouldHaveSingleItem());
        var run = await RunningAsync(handle);

        await handle.DeleteAsync();

        (await Should.ThrowAsync<RpcException>(handle.DescribeAsync())).Code.ShouldBe(RpcException.StatusCode.NotFound);
        (await Should.ThrowAsync<RpcException>(handle.TriggerAsync())).Code.ShouldBe(RpcException.StatusCode.NotFound);
        (await run.DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Running);
        await CreateAsync(Schedule(Echoes(), Never), handle.Id);
    }

    [Fact]
    public async Task Schedules_are_listed_and_found_by_query()
    {
        var one = await CreateAsync(Schedule(Echoes(), Every(TimeSpan.FromHours(1))) with { State = new() { Note = "listed" } });
        await CreateAsync(Schedule(Echoes(), Never) with { State = new() { Paused = true } });

        await Eventually.HoldsAsync(async () =>
        {
            var all = await _bench.Client.ListSchedulesAsync().ToListAsync(TestContext.Current.CancellationToken);
            var entry = all.Single(s => s.Id == one.Id);
            entry.Schedule!.State.Note.ShouldBe("listed");
            entry.Info!.NextActionTimes.Count.ShouldBe(5);
            var paused = await _bench.Client.ListSchedulesAsync(new ScheduleListOptions { Query = "TemporalSchedulePaused = true" }).ToListAsync(TestContext.Current.CancellationToken);
            paused.ShouldNotContain(s => s.Id == one.Id);
            paused.ShouldNotBeEmpty();
        });
    }

    [Theory]
    [InlineData("61 * * * *")]
    [InlineData("not a cron line")]
    public async Task A_spec_that_cannot_be_followed_is_refused(string cron)
    {
        var refused = await Should.ThrowAsync<RpcException>(CreateAsync(Schedule(Echoes(), new ScheduleSpec { CronExpressions = [cron] })));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    private static ScheduleSpec Never => new() { Calendars = [new ScheduleCalendarSpec { Year = [new(2099)] }] };

    private static ScheduleSpec Every(TimeSpan interval) => new() { Intervals = [new ScheduleIntervalSpec(interval)] };

    private static Schedule Schedule(ScheduleActionStartWorkflow action, ScheduleSpec spec) => new(action, spec);

    private ScheduleActionStartWorkflow Echoes(string? id = null) => ScheduleActionStartWorkflow.Create((Echo e) => e.RunAsync("again"), _bench.With(id));

    private ScheduleActionStartWorkflow Waits() => ScheduleActionStartWorkflow.Create((Waiter w) => w.RunAsync(), _bench.With());

    private Task<ScheduleHandle> CreateAsync(Schedule schedule, string? id = null) => _bench.Client.CreateScheduleAsync(id ?? RandomId.New("schedule"), schedule);

    private async Task<WorkflowHandle> RunningAsync(ScheduleHandle handle)
    {
        var running = (await handle.DescribeAsync()).Info.RunningActions.Single().ShouldBeOfType<ScheduleActionExecutionStartWorkflow>();
        return _bench.Client.GetWorkflowHandle(running.WorkflowId, running.FirstExecutionRunId);
    }
}
