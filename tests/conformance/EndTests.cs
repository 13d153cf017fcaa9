using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>How runs end, and what they leave to their children and successors.</summary>
public sealed class EndTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly Bench _bench = new(temporal);

    [Fact]
    public Task A_failure_reaches_the_caller_whole() => _bench.RunAsync(async () =>
    {
        var failed = await Should.ThrowAsync<WorkflowFailedException>(_bench.Client.ExecuteWorkflowAsync((Failing f) => f.RunAsync("broken"), _bench.With()));
        var failure = failed.InnerException.ShouldBeOfType<ApplicationFailureException>();
        failure.Message.ShouldBe("broken");
        failure.ErrorType.ShouldBe("Broken");
        failure.NonRetryable.ShouldBeTrue();
        failure.Details.ElementAt<string>(0).ShouldBe("more");
    });

    [Fact]
    public Task A_cancel_request_ends_a_sleeper_as_cancelled() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Sleeper s) => s.RunAsync(600_000), _bench.With());
        await handle.CancelAsync();
        (await Should.ThrowAsync<WorkflowFailedException>(handle.GetResultAsync())).InnerException.ShouldBeOfType<CanceledFailureException>();
        (await handle.DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Canceled);
        (await Bench.TypesAsync(handle)).ShouldContain(EventType.WorkflowExecutionCancelRequested);
        (await Bench.TypesAsync(handle)).Last().ShouldBe(EventType.WorkflowExecutionCanceled);
    });

    [Fact]
    public async Task A_termination_is_the_last_event_and_tells_who_and_why()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        await handle.TerminateAsync("enough");
        var last = (await Bench.EventsAsync(handle))[^1];
        last.WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe("enough");
        last.WorkflowExecutionTerminatedEventAttributes.Identity.ShouldNotBeEmpty();
        (await Should.ThrowAsync<WorkflowFailedException>(handle.GetResultAsync())).InnerException.ShouldBeOfType<TerminatedFailureException>();
        (await Should.ThrowAsync<RpcException>(handle.TerminateAsync("again"))).Code.ShouldBe(RpcException.StatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_timeout_ends_a_run_that_nobody_takes()
    {
        var options = _bench.With();
        options.RunTimeout = TimeSpan.FromMilliseconds(300);
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), options);
        (await Should.ThrowAsync<WorkflowFailedException>(handle.GetResultAsync())).InnerException.ShouldBeOfType<TimeoutFailureException>();
        (await handle.DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.TimedOut);
        (await Bench.TypesAsync(handle)).Last().ShouldBe(EventType.WorkflowExecutionTimedOut);
    }

    [Fact]
    public Task A_timer_has_two_events_and_carries_its_summary() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Sleeper s) => s.RunAsync(50), _bench.With());
        (await handle.GetResultAsync()).ShouldBe("slept");
        var events = await Bench.EventsAsync(handle);
        events[4].EventType.ShouldBe(EventType.TimerStarted);
        events[4].UserMetadata.Summary.Data.ToStringUtf8().ShouldBe("\"a nap\"");
        events[5].EventType.ShouldBe(EventType.TimerFired);
        events[5].TimerFiredEventAttributes.StartedEventId.ShouldBe(5);
        (events[5].EventTime.ToDateTime() - events[4].EventTime.ToDateTime()).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(45));
    });

    [Fact]
    public Task A_chain_of_runs_shares_its_first_run_id() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Again a) => a.RunAsync(2), _bench.With());
        (await handle.GetResultAsync()).ShouldBe(7);
        var last = (await Bench.EventsAsync(_bench.Client.GetWorkflowHandle(handle.Id)))[0].WorkflowExecutionStartedEventAttributes;
        last.FirstExecutionRunId.ShouldBe(handle.ResultRunId);
        last.ContinuedExecutionRunId.ShouldNotBeEmpty();
        (await _bench.Client.GetWorkflowHandle(handle.Id, handle.ResultRunId).DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.ContinuedAsNew);
    });

    [Fact]
    public Task A_child_is_signalled_and_its_result_reaches_the_parent() => _bench.RunAsync(async () =>
    {
        string child = RandomId.New("child");
        var handle = await _bench.Client.StartWorkflowAsync((Parent p) => p.RunAsync(child, "Terminate", true), _bench.With());
        (await handle.GetResultAsync()).ShouldBe("from the parent");
        EventType[] mine = [.. (await Bench.TypesAsync(handle)).Where(t => t.ToString().Contains("Child", StringComparison.Ordinal))];
        mine.ShouldBe([EventType.StartChildWorkflowExecutionInitiated, EventType.ChildWorkflowExecutionStarted, EventType.ChildWorkflowExecutionCompleted]);
        var started = (await Bench.EventsAsync(_bench.Client.GetWorkflowHandle(child)))[0].WorkflowExecutionStartedEventAttributes;
        started.ParentWorkflowExecution.WorkflowId.ShouldBe(handle.Id);
        started.RootWorkflowExecution.WorkflowId.ShouldBe(handle.Id);
    });

    [Theory]
    [InlineData("Terminate", WorkflowExecutionStatus.Terminated)]
    [InlineData("RequestCancel", WorkflowExecutionStatus.Canceled)]
    [InlineData("Abandon", WorkflowExecutionStatus.Running)]
    public Task A_parent_that_ends_leaves_its_child_as_the_policy_says(string policy, WorkflowExecutionStatus status) => _bench.RunAsync(async () =>
    {
        string child = RandomId.New("child");
        await _bench.Client.ExecuteWorkflowAsync((Parent p) => p.RunAsync(child, policy, false), _bench.With());
        var handle = _bench.Client.GetWorkflowHandle(child);
        if (policy == "Abandon")
            (await handle.DescribeAsync()).Status.ShouldBe(status);
        else
            await Eventually.HoldsAsync(async () => (await handle.DescribeAsync()).Status.ShouldBe(status));
        if (policy == "Abandon")
            await handle.TerminateAsync("enough");
    });

    [Fact]
    public Task A_child_whose_id_is_taken_fails_in_the_parent() => _bench.RunAsync(async () =>
    {
        var taken = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        var parent = await _bench.Client.StartWorkflowAsync((Parent p) => p.RunAsync(taken.Id, "Terminate", true), _bench.With());
        await Should.ThrowAsync<WorkflowFailedException>(parent.GetResultAsync());
        var failed = (await Bench.EventsAsync(parent)).Single(e => e.EventType == EventType.StartChildWorkflowExecutionFailed).StartChildWorkflowExecutionFailedEventAttributes;
        failed.Cause.ShouldBe(StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists);
        failed.WorkflowId.ShouldBe(taken.Id);
        await taken.TerminateAsync("enough");
    });

    [Fact]
    public Task A_deleted_run_is_gone() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With());
        await handle.GetResultAsync();
        await _bench.Client.WorkflowService.DeleteWorkflowExecutionAsync(new() { Namespace = _bench.Namespace, WorkflowExecution = new() { WorkflowId = handle.Id, RunId = handle.ResultRunId } });
        await Eventually.HoldsAsync(async () => (await Should.ThrowAsync<RpcException>(handle.DescribeAsync())).Code.ShouldBe(RpcException.StatusCode.NotFound));
    });

    [Fact]
    public Task Memo_and_details_that_a_run_sets_are_described() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Teller t) => t.RunAsync(), _bench.With());
        (await handle.GetResultAsync()).ShouldBe("1");
        (await (await handle.DescribeAsync()).Memo["added"].ToValueAsync<string>()).ShouldBe("later");
        (await Bench.TypesAsync(handle)).ShouldContain(EventType.WorkflowPropertiesModified);
    });
}
