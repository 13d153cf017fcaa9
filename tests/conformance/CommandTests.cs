using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Exceptions;
using Xunit;
using static Temporalio.Api.Enums.V1.EventType;

namespace Rotation.Tests.Conformance;

/// <summary>What the server makes of commands no SDK would send, and of those that race with events.</summary>
public sealed class CommandTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private const int TooLarge = (2 * 1024 * 1024) + 1;

    private readonly ByHand _run = new(temporal);

    public static TheoryData<string, WorkflowTaskFailedCause> BadCommands => new()
    {
        { "activity without timeout", WorkflowTaskFailedCause.BadScheduleActivityAttributes },
        { "activity without type", WorkflowTaskFailedCause.BadScheduleActivityAttributes },
        { "activity with negative timeout", WorkflowTaskFailedCause.BadScheduleActivityAttributes },
        { "activity with shrinking retries", WorkflowTaskFailedCause.BadScheduleActivityAttributes },
        { "activity twice", WorkflowTaskFailedCause.ScheduleActivityDuplicateId },
        { "cancel of no activity", WorkflowTaskFailedCause.BadRequestCancelActivityAttributes },
        { "timer without id", WorkflowTaskFailedCause.BadStartTimerAttributes },
        { "timer twice", WorkflowTaskFailedCause.StartTimerDuplicateId },
        { "cancel of no timer", WorkflowTaskFailedCause.BadCancelTimerAttributes },
        { "marker without name", WorkflowTaskFailedCause.BadRecordMarkerAttributes },
        { "child without id", WorkflowTaskFailedCause.BadStartChildExecutionAttributes },
        { "child cancelled at once", WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes },
        { "signal without name", WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes },
        { "upsert of nothing", WorkflowTaskFailedCause.BadSearchAttributes },
        { "upsert of an unknown name", WorkflowTaskFailedCause.BadSearchAttributes },
        { "memo of nothing", WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes },
        { "failure without failure", WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes },
        { "absent message", WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage },
    };

    [Theory]
    [MemberData(nameof(BadCommands))]
    public async Task A_bad_command_fails_its_task_with_the_cause_and_keeps_nothing(string what, WorkflowTaskFailedCause cause)
    {
        await _run.StartAsync();

        var refused = await ByHand.RefusedAsync(() => _run.AnswerAsync(Bad(what)));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldStartWith($"{cause}: ");
        var events = await _run.EventsAsync();
        events.Take(4).Select(e => e.EventType).ShouldBe([WorkflowExecutionStarted, WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskFailed]);
        events[3].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(cause);
        events[3].WorkflowTaskFailedEventAttributes.Failure.ServerFailureInfo.ShouldNotBeNull();
        events[3].WorkflowTaskFailedEventAttributes.Failure.Message.ShouldStartWith($"{cause}: ");
        events.Select(e => e.EventType).ShouldNotContain(ActivityTaskScheduled);
    }

    [Fact]
    public async Task A_bad_command_again_is_answered_but_its_task_is_left_to_run_out_of_time()
    {
        await _run.StartAsync();
        await ByHand.RefusedAsync(() => _run.AnswerAsync(Bad("timer without id")));

        var again = await _run.TakeAsync();
        again.Attempt.ShouldBe(2);
        (await ByHand.RefusedAsync(() => _run.CompleteAsync(again, Bad("timer without id")))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);

        (await _run.DescribeAsync()).PendingWorkflowTask.State.ShouldBe(PendingWorkflowTaskState.Started);
        await _run.CompleteAsync(again, Order.Complete());
        (await _run.EventsAsync()).Last(e => e.EventType == WorkflowTaskScheduled).WorkflowTaskScheduledEventAttributes.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_closing_command_must_be_the_last()
    {
        await _run.StartAsync();
        var task = await _run.TakeAsync();

        var refused = await ByHand.RefusedAsync(() => _run.CompleteAsync(task, Order.Complete(), Order.Timer("t", 1)));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        (await _run.TypesAsync()).ShouldBe([WorkflowExecutionStarted, WorkflowTaskScheduled, WorkflowTaskStarted]);
        await _run.CompleteAsync(task, Order.Complete());
    }

    [Theory]
    [InlineData("activity", WorkflowTaskFailedCause.BadScheduleActivityAttributes)]
    [InlineData("result", WorkflowTaskFailedCause.BadCompleteWorkflowExecutionAttributes)]
    public async Task A_command_with_more_than_two_megabytes_ends_the_run(string what, WorkflowTaskFailedCause cause)
    {
        await _run.StartAsync();
        var command = what == "activity" ? Order.Activity("a", _run.Queue, a => a.Input = Order.Bytes(TooLarge)) : Order.Complete();
        if (what == "result")
            command.CompleteWorkflowExecutionCommandAttributes.Result = Order.Bytes(TooLarge);

        (await ByHand.RefusedAsync(() => _run.AnswerAsync(command))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);

        var events = await _run.EventsAsync();
        events.Select(e => e.EventType).ShouldBe([WorkflowExecutionStarted, WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskFailed, WorkflowExecutionTerminated]);
        events[3].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(cause);
        events[4].WorkflowExecutionTerminatedEventAttributes.Identity.ShouldBe("history-service");
        events[4].WorkflowExecutionTerminatedEventAttributes.Reason.ShouldStartWith($"{cause}: ");
    }

    [Fact]
    public async Task A_run_cannot_end_before_it_has_seen_everything()
    {
        await _run.StartAsync();
        var task = await _run.TakeAsync();
        await _run.SignalAsync("late");

        var refused = await ByHand.RefusedAsync(() => _run.CompleteAsync(task, Order.Complete()));

        refused.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        refused.Message.ShouldBe("UnhandledCommand");
        var events = await _run.EventsAsync();
        events.Skip(3).Select(e => e.EventType).ShouldBe([WorkflowTaskFailed, WorkflowExecutionSignaled, WorkflowTaskScheduled]);
        events[3].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(WorkflowTaskFailedCause.UnhandledCommand);
        events[5].WorkflowTaskScheduledEventAttributes.Attempt.ShouldBe(1);
        await _run.AnswerAsync(Order.Complete());
    }

    [Fact]
    public async Task A_timer_that_fires_while_its_cancel_is_on_the_way_is_cancelled()
    {
        await _run.StartAsync(r => r.WorkflowTaskTimeout = Order.Seconds(60));
        await _run.AnswerAsync(Order.Timer("t", 5));
        await _run.SignalAsync("go");
        var task = await _run.TakeAsync();
        long before = await TransitionsAsync();
        await Eventually.HoldsAsync(async () => (await TransitionsAsync()).ShouldBeGreaterThan(before));

        await _run.CompleteAsync(task, Order.CancelTimer("t"), Order.Complete());

        (await _run.TypesAsync(tasks: false)).ShouldBe([WorkflowExecutionStarted, TimerStarted, WorkflowExecutionSignaled, TimerCanceled, WorkflowExecutionCompleted]);
    }

    [Fact]
    public async Task A_hundred_and_one_events_that_wait_end_the_task_they_wait_for()
    {
        await _run.StartAsync();
        var task = await _run.TakeAsync();
        for (int n = 0; n <= 100; n++)
            await _run.SignalAsync($"s{n}");

        var events = await _run.EventsAsync();
        events[3].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(WorkflowTaskFailedCause.ForceCloseCommand);
        events[3].WorkflowTaskFailedEventAttributes.Identity.ShouldBe("history-service");
        events.Count(e => e.EventType == WorkflowExecutionSignaled).ShouldBe(101);
        events[^1].EventType.ShouldBe(WorkflowTaskScheduled);
        (await ByHand.RefusedAsync(() => _run.CompleteAsync(task))).Code.ShouldBe(RpcException.StatusCode.NotFound);
    }

    private async Task<long> TransitionsAsync() => (await _run.DescribeAsync()).WorkflowExecutionInfo.StateTransitionCount;

    private Command[] Bad(string what)
    {
        string queue = _run.Queue;
        string child = RandomId.New("child");
        return what switch
        {
            "activity without timeout" => [Order.Activity("a", queue, a => a.StartToCloseTimeout = null)],
            "activity without type" => [Order.Activity("a", queue, a => a.ActivityType = null)],
            "activity with negative timeout" => [Order.Activity("a", queue, a => a.HeartbeatTimeout = Order.Seconds(-1))],
            "activity with shrinking retries" => [Order.Activity("a", queue, a => a.RetryPolicy = new() { BackoffCoefficient = 0.5 })],
            "activity twice" => [Order.Activity("a", queue), Order.Activity("a", queue)],
            "cancel of no activity" => [Order.CancelActivity(2)],
            "timer without id" => [Order.Timer("", 1)],
            "timer twice" => [Order.Timer("t", 9), Order.Timer("t", 9)],
            "cancel of no timer" => [Order.CancelTimer("t")],
            "marker without name" => [new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = new() }],
            "child without id" => [Order.Child("", queue)],
            "child cancelled at once" => [Order.Child(child, queue), Order.Cancel(child)],
            "signal without name" => [new() { CommandType = CommandType.SignalExternalWorkflowExecution, SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = "x" } } }],
            "upsert of nothing" => [new() { CommandType = CommandType.UpsertWorkflowSearchAttributes, UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = new() } }],
            "upsert of an unknown name" => [Upsert(RandomId.New("Nobody"))],
            "memo of nothing" => [new() { CommandType = CommandType.ModifyWorkflowProperties, ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = new() } }],
            "failure without failure" => [new() { CommandType = CommandType.FailWorkflowExecution, FailWorkflowExecutionCommandAttributes = new() }],
            "absent message" => [new() { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = "none" } }],
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, "unknown"),
        };
    }

    private static Command Upsert(string name)
    {
        var attributes = new UpsertWorkflowSearchAttributesCommandAttributes { SearchAttributes = new() };
        attributes.SearchAttributes.IndexedFields[name] = Order.Bytes(1).Payloads_[0];
        return new() { CommandType = CommandType.UpsertWorkflowSearchAttributes, UpsertWorkflowSearchAttributesCommandAttributes = attributes };
    }
}
