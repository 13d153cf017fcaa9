using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Exceptions;
using Xunit;
using static Temporalio.Api.Enums.V1.EventType;

namespace Rotation.Tests.Conformance;

/// <summary>What runs inherit, and what limits them.</summary>
public sealed class ChainTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);

    [Fact]
    public async Task A_run_gets_the_limits_of_its_chain_when_it_has_none()
    {
        await _run.StartAsync(r => r.WorkflowExecutionTimeout = Order.Seconds(5));

        var started = (await _run.EventsAsync())[0];
        var attributes = started.WorkflowExecutionStartedEventAttributes;
        attributes.WorkflowRunTimeout.ShouldBe(Order.Seconds(5));
        attributes.WorkflowTaskTimeout.ShouldBe(Order.Seconds(5));
        attributes.WorkflowExecutionExpirationTime.ToDateTime().ShouldBe(started.EventTime.ToDateTime().AddSeconds(5), TimeSpan.FromMilliseconds(50));
        attributes.RootWorkflowExecution.ShouldBeNull();
        attributes.TaskQueue.Kind.ShouldBe(TaskQueueKind.Normal);
        (await _run.DescribeAsync()).WorkflowExecutionInfo.RootExecution.WorkflowId.ShouldBe(_run.Id);
    }

    [Fact]
    public async Task An_activity_is_bounded_by_its_run()
    {
        await _run.StartAsync(r => r.WorkflowRunTimeout = Order.Seconds(30));

        await _run.AnswerAsync(Order.Activity("a", _run.Queue, a => a.HeartbeatTimeout = Order.Seconds(100)));

        var scheduled = (await _run.EventsAsync())[4].ActivityTaskScheduledEventAttributes;
        scheduled.ScheduleToCloseTimeout.ShouldBe(Order.Seconds(30));
        scheduled.ScheduleToStartTimeout.ShouldBe(Order.Seconds(30));
        scheduled.StartToCloseTimeout.ShouldBe(Order.Seconds(30));
        scheduled.HeartbeatTimeout.ShouldBe(Order.Seconds(30));
        scheduled.RetryPolicy.InitialInterval.ShouldBe(Order.Seconds(1));
        scheduled.RetryPolicy.MaximumInterval.ShouldBe(Order.Seconds(100));
        scheduled.RetryPolicy.BackoffCoefficient.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_that_goes_on_keeps_type_queue_and_chain_and_waits_a_second()
    {
        string first = await _run.StartAsync(r => r.WorkflowRunTimeout = Order.Seconds(100));

        await _run.AnswerAsync(Order.Continue());

        var before = await _run.EventsAsync(first);
        var closed = before[^1].WorkflowExecutionContinuedAsNewEventAttributes;
        closed.WorkflowType.Name.ShouldBe("ByHand");
        closed.TaskQueue.Name.ShouldBe(_run.Queue);
        closed.Initiator.ShouldBe(ContinueAsNewInitiator.Workflow);
        var events = await _run.EventsAsync(closed.NewExecutionRunId);
        var started = events[0].WorkflowExecutionStartedEventAttributes;
        started.ContinuedExecutionRunId.ShouldBe(first);
        started.FirstExecutionRunId.ShouldBe(first);
        started.OriginalExecutionRunId.ShouldBe(closed.NewExecutionRunId);
        started.WorkflowRunTimeout.ShouldBe(Order.Seconds(100));
        started.Attempt.ShouldBe(1);
        started.RootWorkflowExecution.ShouldBeNull();
        // What is left of a second since the run before began.
        TimeSpan wait = started.FirstWorkflowTaskBackoff?.ToTimeSpan() ?? TimeSpan.Zero;
        wait.ShouldBe(Longer(TimeSpan.Zero, TimeSpan.FromSeconds(1) - Between(before[0], before[^1])), TimeSpan.FromMilliseconds(50));
        await _run.AnswerAsync(Order.Complete());
        events = await _run.EventsAsync(closed.NewExecutionRunId);
        events.Select(e => e.EventType).ShouldBe([WorkflowExecutionStarted, WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskCompleted, WorkflowExecutionCompleted]);
        Between(events[0], events[1]).ShouldBeGreaterThanOrEqualTo(wait - TimeSpan.FromMilliseconds(5));
    }

    [Fact]
    public async Task What_a_run_was_started_with_goes_on_in_its_chain()
    {
        using var bench = new Bench(temporal);
        await bench.RunAsync(async () =>
        {
            var options = bench.With();
            options.Memo = new Dictionary<string, object> { ["who"] = "ann" };
            var handle = await bench.Client.StartWorkflowAsync((Again a) => a.RunAsync(1), options);
            await handle.GetResultAsync();

            var last = await bench.Client.GetWorkflowHandle(handle.Id).DescribeAsync();
            last.RunId.ShouldNotBe(handle.ResultRunId);
            (await last.Memo["who"].ToValueAsync<string>()).ShouldBe("ann");
        });
    }

    [Fact]
    public async Task A_failed_run_is_tried_again_with_what_it_began_with()
    {
        string first = await _run.StartAsync(r =>
        {
            r.RetryPolicy = new() { InitialInterval = Order.Seconds(1), MaximumAttempts = 2 };
            r.Input = Order.Bytes(3);
        });

        await _run.AnswerAsync(Order.Fail("once"));

        var failed = (await _run.EventsAsync(first))[^1].WorkflowExecutionFailedEventAttributes;
        failed.RetryState.ShouldBe(RetryState.InProgress);
        var started = (await _run.EventsAsync(failed.NewExecutionRunId))[0].WorkflowExecutionStartedEventAttributes;
        started.Initiator.ShouldBe(ContinueAsNewInitiator.Retry);
        started.Attempt.ShouldBe(2);
        started.Input.ShouldBe(Order.Bytes(3));
        started.ContinuedFailure.Message.ShouldBe("once");
        started.FirstWorkflowTaskBackoff.ShouldBe(Order.Seconds(1));
        started.RetryPolicy.MaximumInterval.ShouldBe(Order.Seconds(100));
        await _run.AnswerAsync(Order.Fail("twice"));
        (await _run.EventsAsync(failed.NewExecutionRunId))[^1].WorkflowExecutionFailedEventAttributes.RetryState.ShouldBe(RetryState.MaximumAttemptsReached);
    }

    [Fact]
    public async Task A_child_knows_its_parent_and_root_and_has_filled_policies()
    {
        var child = new ByHand(temporal);
        string parent = await _run.StartAsync();
        var start = Order.Child(child.Id, child.Queue);
        start.StartChildWorkflowExecutionCommandAttributes.RetryPolicy = new() { MaximumAttempts = 3 };

        await _run.AnswerAsync(start);

        var initiated = (await _run.EventsAsync())[4].StartChildWorkflowExecutionInitiatedEventAttributes;
        initiated.ParentClosePolicy.ShouldBe(ParentClosePolicy.Terminate);
        initiated.WorkflowIdReusePolicy.ShouldBe(WorkflowIdReusePolicy.AllowDuplicate);
        initiated.RetryPolicy.InitialInterval.ShouldBe(Order.Seconds(1));
        initiated.WorkflowTaskTimeout.ShouldBe(Order.Seconds(10));
        await Eventually.HoldsAsync(async () => (await _run.TypesAsync()).ShouldContain(ChildWorkflowExecutionStarted));
        var started = (await child.EventsAsync())[0].WorkflowExecutionStartedEventAttributes;
        started.ParentWorkflowExecution.RunId.ShouldBe(parent);
        started.ParentInitiatedEventId.ShouldBe(5);
        started.ParentWorkflowNamespace.ShouldBe(temporal.Namespace);
        started.RootWorkflowExecution.RunId.ShouldBe(parent);
    }

    [Fact]
    public async Task A_plain_signal_does_not_end_a_start_delay_and_signal_with_start_does()
    {
        await _run.StartAsync(r => r.WorkflowStartDelay = Order.Seconds(3600));
        await _run.SignalAsync("plain");
        (await _run.TypesAsync()).ShouldBe([WorkflowExecutionStarted, WorkflowExecutionSignaled]);

        await _run.Service.SignalWithStartWorkflowExecutionAsync(new()
        {
            Namespace = temporal.Namespace,
            WorkflowId = _run.Id,
            RequestId = Guid.NewGuid().ToString(),
            WorkflowType = new() { Name = "ByHand" },
            TaskQueue = new() { Name = _run.Queue },
            SignalName = "with start",
        });

        (await _run.TypesAsync()).ShouldBe([WorkflowExecutionStarted, WorkflowExecutionSignaled, WorkflowExecutionSignaled, WorkflowTaskScheduled]);
    }

    [Fact]
    public async Task A_cancel_request_ends_a_start_delay()
    {
        await _run.StartAsync(r => r.WorkflowStartDelay = Order.Seconds(3600));

        await _run.Handle.CancelAsync();

        (await _run.TypesAsync()).ShouldBe([WorkflowExecutionStarted, WorkflowExecutionCancelRequested, WorkflowTaskScheduled]);
    }

    [Fact]
    public async Task A_cancel_request_or_a_known_signal_of_a_closed_run_is_no_error_and_a_termination_is()
    {
        await _run.StartAsync();
        await _run.SignalAsync("s", "known");
        await _run.AnswerAsync(Order.Complete());

        await _run.Handle.CancelAsync();
        await _run.SignalAsync("s", "known");

        (await ByHand.RefusedAsync(() => _run.SignalAsync("s"))).Code.ShouldBe(RpcException.StatusCode.NotFound);
        (await ByHand.RefusedAsync(() => _run.Handle.TerminateAsync())).Message.ShouldBe("workflow execution already completed");
        (await _run.TypesAsync(tasks: false)).ShouldBe([WorkflowExecutionStarted, WorkflowExecutionSignaled, WorkflowExecutionCompleted]);
    }

    [Fact]
    public async Task A_run_that_is_displaced_tells_by_which()
    {
        string first = await _run.StartAsync();
        // Real servers refuse to replace a run in its first second; clients try again.
        string second = "";
        await Eventually.HoldsAsync(async () => second = await _run.StartAsync(r => r.WorkflowIdConflictPolicy = WorkflowIdConflictPolicy.TerminateExisting));

        HistoryEvent terminated = (await _run.EventsAsync(first))[^1];
        terminated.WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe("TerminateIfRunning WorkflowIdReusePolicy");
        terminated.WorkflowExecutionTerminatedEventAttributes.Details.Payloads_.Single().Data.ToStringUtf8().ShouldBe($"\"terminated by new runID: {second}\"");
    }

    [Fact]
    public async Task Policies_that_contradict_each_other_are_refused()
    {
        (await ByHand.RefusedAsync(() => _run.StartAsync(r => (r.WorkflowIdReusePolicy, r.WorkflowIdConflictPolicy) = (WorkflowIdReusePolicy.RejectDuplicate, WorkflowIdConflictPolicy.TerminateExisting))))
            .Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        (await ByHand.RefusedAsync(() => _run.StartAsync(r => r.RetryPolicy = new() { BackoffCoefficient = 0.1 }))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
        (await ByHand.RefusedAsync(() => _run.StartAsync(r => r.WorkflowRunTimeout = Order.Seconds(-1)))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    private static TimeSpan Between(HistoryEvent one, HistoryEvent other) => other.EventTime.ToDateTime() - one.EventTime.ToDateTime();

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
