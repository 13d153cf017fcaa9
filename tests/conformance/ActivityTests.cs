using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>Activities: their events, retries, timeouts and heartbeats.</summary>
public sealed class ActivityTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly Bench _bench = new(temporal);

    [Fact]
    public Task An_activity_has_three_events_between_two_workflow_tasks() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("Upper", "a");
        (await handle.GetResultAsync()).ShouldBe("A");
        (await Bench.TypesAsync(handle)).ShouldBe(
        [
            EventType.WorkflowExecutionStarted, EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted,
            EventType.ActivityTaskScheduled, EventType.ActivityTaskStarted, EventType.ActivityTaskCompleted,
            EventType.WorkflowTaskScheduled, EventType.WorkflowTaskStarted, EventType.WorkflowTaskCompleted, EventType.WorkflowExecutionCompleted,
        ]);
    });

    [Fact]
    public Task Its_events_carry_type_input_attempt_and_summary() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("Upper", "a");
        await handle.GetResultAsync();
        var events = await Bench.EventsAsync(handle);

        var scheduled = events[4].ActivityTaskScheduledEventAttributes;
        scheduled.ActivityType.Name.ShouldBe("Upper");
        scheduled.WorkflowTaskCompletedEventId.ShouldBe(4);
        scheduled.Input.Payloads_[0].Data.ToStringUtf8().ShouldBe("\"a\"");
        events[4].UserMetadata.Summary.Data.ToStringUtf8().ShouldBe("\"does it\"");
        events[5].ActivityTaskStartedEventAttributes.ScheduledEventId.ShouldBe(5);
        events[5].ActivityTaskStartedEventAttributes.Attempt.ShouldBe(1);
        events[6].ActivityTaskCompletedEventAttributes.StartedEventId.ShouldBe(6);
    });

    [Fact]
    public Task A_retried_activity_is_started_once_in_history_with_its_last_attempt_and_failure() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("FailUntil", "3");
        (await handle.GetResultAsync()).ShouldBe("attempt 3");
        var started = (await Bench.EventsAsync(handle)).Single(e => e.EventType == EventType.ActivityTaskStarted).ActivityTaskStartedEventAttributes;
        started.Attempt.ShouldBe(3);
        started.LastFailure.Message.ShouldBe("not yet");
        started.LastFailure.ApplicationFailureInfo.Type.ShouldBe("NotYet");
    });

    [Fact]
    public Task The_attempts_that_are_allowed_are_made_and_no_more() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("FailUntil", "99", attempts: 3);
        var failure = await FailureAsync(handle);
        failure.RetryState.ShouldBe(RetryState.MaximumAttemptsReached);
        (await Bench.EventsAsync(handle)).Single(e => e.EventType == EventType.ActivityTaskStarted).ActivityTaskStartedEventAttributes.Attempt.ShouldBe(3);
    });

    [Fact]
    public Task A_failure_that_must_not_be_retried_is_not() => _bench.RunAsync(async () =>
    {
        var failure = await FailureAsync(await StartAsync("Refuse", "no way"));
        failure.RetryState.ShouldBe(RetryState.NonRetryableFailure);
        failure.InnerException.ShouldBeOfType<ApplicationFailureException>().ErrorType.ShouldBe("Refused");
    });

    [Fact]
    public Task A_start_to_close_timeout_is_that_timeout() => _bench.RunAsync(async () =>
    {
        var failure = await FailureAsync(await StartAsync("Hang", "x", attempts: 1, timeoutMs: 200));
        failure.InnerException.ShouldBeOfType<TimeoutFailureException>().TimeoutType.ShouldBe(TimeoutType.StartToClose);
    });

    [Fact]
    public Task A_heartbeat_timeout_is_that_timeout_and_the_next_attempt_has_the_last_details() => _bench.RunAsync(async () =>
        (await (await StartAsync("BeatThenSilence", "said", attempts: 2, heartbeatMs: 3000)).GetResultAsync()).ShouldBe("said"));

    [Fact]
    public Task The_delay_that_a_failure_asks_for_is_kept() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("RetryIn", "400", attempts: 2);
        (await handle.GetResultAsync()).ShouldBe("done");
        var events = await Bench.EventsAsync(handle);
        var waited = events[5].EventTime.ToDateTime() - events[4].EventTime.ToDateTime();
        waited.ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(390));
    });

    [Fact]
    public Task A_pending_activity_is_described_with_attempt_and_failure() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("RetryIn", "60000", attempts: 2);
        var pending = await Eventually.GetAsync(async () => (await _bench.Client.WorkflowService.DescribeWorkflowExecutionAsync(new() { Namespace = _bench.Namespace, Execution = new() { WorkflowId = handle.Id } })).PendingActivities, p => p.Count == 1 && p[0].Attempt == 2);
        pending[0].ActivityType.Name.ShouldBe("RetryIn");
        pending[0].State.ShouldBe(PendingActivityState.Scheduled);
        pending[0].LastFailure.Message.ShouldBe("later");
        pending[0].MaximumAttempts.ShouldBe(2);
        await handle.TerminateAsync("enough");
    });

    [Fact]
    public Task An_activity_without_any_timeout_fails_the_workflow_task_with_words() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("Upper", "a", timeoutMs: 0);
        await Eventually.HoldsAsync(async () => (await Bench.TypesAsync(handle)).ShouldContain(EventType.WorkflowTaskFailed));
        (await Bench.EventsAsync(handle)).First(e => e.EventType == EventType.WorkflowTaskFailed).WorkflowTaskFailedEventAttributes.Failure.Message.ShouldNotBeEmpty();
        await handle.TerminateAsync("enough");
    });

    [Fact]
    public Task An_unknown_activity_is_tried_again_and_tells_its_name() => _bench.RunAsync(async () =>
    {
        var handle = await StartAsync("NoSuch", "a", attempts: 1);
        (await FailureAsync(handle)).InnerException!.Message.ShouldContain("NoSuch");
    });

    [Fact]
    public async Task A_stale_task_token_is_not_found()
    {
        var failure = await Should.ThrowAsync<RpcException>(_bench.Client.WorkflowService.RespondActivityTaskCompletedAsync(new() { Namespace = _bench.Namespace, TaskToken = Google.Protobuf.ByteString.CopyFromUtf8("nonsense") }));
        failure.Code.ShouldBeOneOf(RpcException.StatusCode.InvalidArgument, RpcException.StatusCode.NotFound);
    }

    private async Task<WorkflowHandle<Doer, string>> StartAsync(string activity, string input, int attempts = 5, int timeoutMs = 30_000, int heartbeatMs = 0) =>
        await _bench.Client.StartWorkflowAsync((Doer d) => d.RunAsync(activity, input, attempts, timeoutMs, heartbeatMs), _bench.With());

    private static async Task<ActivityFailureException> FailureAsync(WorkflowHandle<Doer, string> handle) =>
        (await Should.ThrowAsync<WorkflowFailedException>(handle.GetResultAsync())).InnerException.ShouldBeOfType<ActivityFailureException>();
}
