using Google.Protobuf;
using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Xunit;
using static Temporalio.Api.Enums.V1.EventType;

namespace Rotation.Tests.Conformance;

/// <summary>Answers to tasks that are gone, that nobody took, or that come by the activity's id.</summary>
public sealed class AnswerTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);
    private readonly string _activities = RandomId.New("activities");

    [Fact]
    public async Task An_activity_completed_by_its_id_before_anybody_took_it_has_started_too()
    {
        await ScheduleAsync();

        await _run.Service.RespondActivityTaskCompletedByIdAsync(new() { Namespace = temporal.Namespace, WorkflowId = _run.Id, ActivityId = "a", Identity = "outside" });

        (await _run.TypesAsync(tasks: false)).ShouldBe([WorkflowExecutionStarted, ActivityTaskScheduled, ActivityTaskStarted, ActivityTaskCompleted]);
        var started = (await _run.EventsAsync()).Single(e => e.EventType == ActivityTaskStarted).ActivityTaskStartedEventAttributes;
        started.Identity.ShouldBe("outside");
        started.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task An_activity_of_a_run_that_has_ended_is_given_to_nobody()
    {
        await ScheduleAsync();
        await _run.Handle.TerminateAsync();
        var next = new ByHand(temporal);
        await next.StartAsync();
        await next.AnswerAsync(Order.Activity("b", _activities));

        (await TakeActivityAsync()).ActivityId.ShouldBe("b");
    }

    [Fact]
    public async Task An_activity_nobody_took_cannot_fail_or_beat_by_its_id()
    {
        await ScheduleAsync();

        var failed = await ByHand.RefusedAsync(() => FailByIdAsync("a"));
        var beaten = await ByHand.RefusedAsync(() => _run.Service.RecordActivityTaskHeartbeatByIdAsync(new() { Namespace = temporal.Namespace, WorkflowId = _run.Id, ActivityId = "a" }));

        failed.Code.ShouldBe(RpcException.StatusCode.NotFound);
        failed.Message.ShouldBe("invalid activityID or activity already timed out or invoking workflow is completed");
        beaten.Message.ShouldBe(failed.Message);
        (await ByHand.RefusedAsync(() => FailByIdAsync("b"))).Message.ShouldBe("cannot find pending activity with ActivityID b, check workflow execution history for more details");
    }

    [Fact]
    public async Task A_failure_of_any_kind_is_taken_by_id_and_by_token_only_that_of_an_application()
    {
        await ScheduleAsync();
        var task = await TakeActivityAsync();
        var other = new Failure { Message = "odd", TerminatedFailureInfo = new() };

        var refused = await ByHand.RefusedAsync(() => _run.Service.RespondActivityTaskFailedAsync(new() { Namespace = temporal.Namespace, TaskToken = task.TaskToken, Failure = other }));
        refused.Message.ShouldBe("Failure must have ApplicationFailureInfo.");
        await FailByIdAsync("a", other);

        (await _run.EventsAsync()).Single(e => e.EventType == ActivityTaskFailed).ActivityTaskFailedEventAttributes.RetryState.ShouldBe(RetryState.NonRetryableFailure);
    }

    [Fact]
    public async Task The_details_that_come_with_a_failure_are_its_last_heartbeat()
    {
        await ScheduleAsync();
        var task = await TakeActivityAsync();

        var answer = await _run.Service.RespondActivityTaskFailedAsync(new()
        {
            Namespace = temporal.Namespace,
            TaskToken = task.TaskToken,
            Failure = new() { Message = "later", ApplicationFailureInfo = new() { NextRetryDelay = Order.Seconds(3600) } },
            LastHeartbeatDetails = Order.Bytes(3),
        });

        answer.Failures.ShouldBeEmpty();
        var pending = (await _run.DescribeAsync()).PendingActivities.Single();
        pending.HeartbeatDetails.ShouldBe(Order.Bytes(3));
        pending.LastHeartbeatTime.ShouldNotBeNull();
        pending.CurrentRetryInterval.ToTimeSpan().ShouldBe(TimeSpan.FromHours(1), TimeSpan.FromSeconds(1));
        pending.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task An_activity_that_waits_is_described_with_its_options()
    {
        await ScheduleAsync();

        var pending = (await _run.DescribeAsync()).PendingActivities.Single();

        pending.State.ShouldBe(PendingActivityState.Scheduled);
        pending.CurrentRetryInterval.ShouldBe(Order.Seconds(1));
        pending.ActivityOptions.TaskQueue.Name.ShouldBe(_activities);
        pending.ActivityOptions.StartToCloseTimeout.ShouldBe(Order.Seconds(60));
        pending.ActivityOptions.RetryPolicy.MaximumInterval.ShouldBe(Order.Seconds(100));
    }

    [Fact]
    public async Task An_answer_to_a_run_that_has_closed_is_told_so()
    {
        await ScheduleAsync();
        var task = await TakeActivityAsync();
        await _run.Handle.TerminateAsync();

        var refused = await ByHand.RefusedAsync(() => _run.Service.RespondActivityTaskCompletedAsync(new() { Namespace = temporal.Namespace, TaskToken = task.TaskToken }));

        refused.Code.ShouldBe(RpcException.StatusCode.NotFound);
        refused.Message.ShouldBe("workflow execution already completed");
    }

    [Fact]
    public async Task An_answer_to_a_workflow_task_that_is_gone_is_told_so_with_the_detail()
    {
        await _run.StartAsync();
        var task = await _run.TakeAsync();
        await _run.CompleteAsync(task, Order.Timer("t", 3600));

        var refused = await ByHand.RefusedAsync(() => _run.CompleteAsync(task));

        refused.Code.ShouldBe(RpcException.StatusCode.NotFound);
        refused.Message.ShouldBe("Workflow task not found.");
        refused.GrpcStatus.Value!.Details.Single().Is(NotFoundFailure.Descriptor).ShouldBeTrue();
    }

    [Fact]
    public async Task A_failed_workflow_task_of_a_run_that_has_closed_is_told_so()
    {
        await _run.StartAsync();
        var task = await _run.TakeAsync();
        await _run.Handle.TerminateAsync();

        (await ByHand.RefusedAsync(() => _run.FailAsync(task))).Message.ShouldBe("workflow execution already completed");
        (await ByHand.RefusedAsync(() => _run.CompleteAsync(task))).Message.ShouldBe("Workflow task not found.");
    }

    [Fact]
    public async Task A_token_that_is_none_is_refused() =>
        (await ByHand.RefusedAsync(() => _run.Service.RespondActivityTaskCompletedAsync(new() { Namespace = temporal.Namespace, TaskToken = ByteString.CopyFrom(0xff, 0xff) })))
            .Message.ShouldBe("Error deserializing task token.");

    private async Task ScheduleAsync()
    {
        await _run.StartAsync();
        await _run.AnswerAsync(Order.Activity("a", _activities));
    }

    private Task<PollActivityTaskQueueResponse> TakeActivityAsync() => _run.Service.PollActivityTaskQueueAsync(
        new() { Namespace = temporal.Namespace, TaskQueue = new() { Name = _activities }, Identity = "hand" }, new() { Retry = false, Timeout = TimeSpan.FromSeconds(60) });

    private Task<RespondActivityTaskFailedByIdResponse> FailByIdAsync(string activityId, Failure? failure = null) => _run.Service.RespondActivityTaskFailedByIdAsync(
        new() { Namespace = temporal.Namespace, WorkflowId = _run.Id, ActivityId = activityId, Failure = failure ?? new() { Message = "by id", ApplicationFailureInfo = new() } });
}
