using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>In which words time runs out, and what is inherited of a priority.</summary>
public sealed class TimeoutTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);
    private readonly string _activities = RandomId.New("activities");

    [Theory]
    [InlineData(TimeoutType.ScheduleToStart)]
    [InlineData(TimeoutType.ScheduleToClose)]
    public async Task An_activity_that_nobody_takes_in_time_is_not_tried_again(TimeoutType type)
    {
        await ScheduleAsync(Order.Activity("a", _activities, a =>
        {
            (a.ScheduleToStartTimeout, a.ScheduleToCloseTimeout) = type == TimeoutType.ScheduleToStart ? (Order.Seconds(1), Order.Seconds(3600)) : (Order.Seconds(3600), Order.Seconds(1));
            a.StartToCloseTimeout = Order.Seconds(3600);
        }));

        var timedOut = await TimedOutAsync();

        // With the shorter limit on the whole, the wait for a start is as short: either may be seen first.
        timedOut.Failure.TimeoutFailureInfo.TimeoutType.ShouldBeOneOf(TimeoutType.ScheduleToStart, type);
        timedOut.Failure.Message.ShouldBe($"activity {timedOut.Failure.TimeoutFailureInfo.TimeoutType} timeout");
        timedOut.RetryState.ShouldBe(RetryState.NonRetryableFailure);
        timedOut.Failure.Cause.ShouldBeNull();
    }

    [Fact]
    public async Task An_activity_without_time_for_another_attempt_has_run_out_of_all_its_time()
    {
        await ScheduleAsync(Order.Activity("a", _activities, a =>
        {
            (a.StartToCloseTimeout, a.ScheduleToCloseTimeout) = (Order.Seconds(1), Order.Seconds(60));
            a.RetryPolicy = new() { InitialInterval = Order.Seconds(3600), MaximumInterval = Order.Seconds(3600) };
        }));
        await TakeActivityAsync();

        var timedOut = await TimedOutAsync();

        timedOut.RetryState.ShouldBe(RetryState.Timeout);
        timedOut.Failure.Message.ShouldBe("activity ScheduleToClose timeout");
        timedOut.Failure.TimeoutFailureInfo.TimeoutType.ShouldBe(TimeoutType.ScheduleToClose);
    }

    [Fact]
    public async Task A_timeout_has_the_failure_of_the_attempt_before_as_its_cause()
    {
        await ScheduleAsync(Order.Activity("a", _activities, a =>
        {
            a.StartToCloseTimeout = Order.Seconds(1);
            a.RetryPolicy = new() { InitialInterval = Order.Seconds(0.1), MaximumAttempts = 3 };
        }));
        await TakeActivityAsync();
        await TakeActivityAsync();
        await TakeActivityAsync();

        var timedOut = await TimedOutAsync();

        timedOut.RetryState.ShouldBe(RetryState.MaximumAttemptsReached);
        timedOut.Failure.Cause.Message.ShouldBe("activity StartToClose timeout");
        timedOut.Failure.Cause.Cause.ShouldBeNull();
    }

    [Fact]
    public async Task A_run_whose_chain_has_no_time_left_is_not_tried_again()
    {
        string run = await _run.StartAsync(r => (r.WorkflowExecutionTimeout, r.RetryPolicy) = (Order.Seconds(1), new() { InitialInterval = Order.Seconds(1) }));

        await Eventually.HoldsAsync(async () => (await _run.TypesAsync(run)).ShouldContain(EventType.WorkflowExecutionTimedOut));

        var timedOut = (await _run.EventsAsync(run))[^1].WorkflowExecutionTimedOutEventAttributes;
        timedOut.RetryState.ShouldBe(RetryState.Timeout);
        timedOut.NewExecutionRunId.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_children_and_activities_do_not_say_of_their_priority_is_that_of_their_run()
    {
        var child = new ByHand(temporal);
        await _run.StartAsync(r => r.Priority = new() { PriorityKey = 4, FairnessKey = "north" });
        var start = Order.Child(child.Id, child.Queue);
        start.StartChildWorkflowExecutionCommandAttributes.Priority = new() { PriorityKey = 2 };

        await _run.AnswerAsync(start, Order.Activity("a", _activities));

        var given = (await TakeActivityAsync()).Priority;
        (given.PriorityKey, given.FairnessKey).ShouldBe((4, "north"));
        await Eventually.HoldsAsync(async () => (await _run.TypesAsync()).ShouldContain(EventType.ChildWorkflowExecutionStarted));
        var started = (await child.EventsAsync())[0].WorkflowExecutionStartedEventAttributes.Priority;
        (started.PriorityKey, started.FairnessKey).ShouldBe((2, "north"));
    }

    private async Task ScheduleAsync(Command activity)
    {
        await _run.StartAsync();
        await _run.AnswerAsync(activity);
    }

    private async Task<PollActivityTaskQueueResponse> TakeActivityAsync() => await _run.Service.PollActivityTaskQueueAsync(
        new() { Namespace = temporal.Namespace, TaskQueue = new() { Name = _activities }, Identity = "hand" }, new() { Retry = false, Timeout = TimeSpan.FromSeconds(60) });

    private async Task<ActivityTaskTimedOutEventAttributes> TimedOutAsync()
    {
        await Eventually.HoldsAsync(async () => (await _run.TypesAsync()).ShouldContain(EventType.ActivityTaskTimedOut));
        return (await _run.EventsAsync()).Single(e => e.EventType == EventType.ActivityTaskTimedOut).ActivityTaskTimedOutEventAttributes;
    }
}
