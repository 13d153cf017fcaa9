using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Xunit;
using static Temporalio.Api.Enums.V1.EventType;

namespace Rotation.Tests.Conformance;

/// <summary>Orders and attributes of events that an SDK's worker would hide.</summary>
public sealed class OrderTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);

    [Fact]
    public async Task An_activity_cancelled_before_it_starts_is_closed_after_all_commands_of_the_task()
    {
        await _run.StartAsync();
        await _run.AnswerAsync(Order.Activity("a", RandomId.New("nobody")));
        await _run.SignalAsync("go");

        await _run.AnswerAsync(Order.CancelActivity(5), Order.Timer("t", 60));

        var events = await _run.EventsAsync();
        events.Skip(8).Select(e => e.EventType).ShouldBe([WorkflowTaskCompleted, ActivityTaskCancelRequested, TimerStarted, ActivityTaskCanceled, WorkflowTaskScheduled]);
        var canceled = events[11].ActivityTaskCanceledEventAttributes;
        canceled.ScheduledEventId.ShouldBe(5);
        canceled.StartedEventId.ShouldBe(0);
        canceled.LatestCancelRequestedEventId.ShouldBe(10);
        canceled.Identity.ShouldBe("hand");
        canceled.Details.Payloads_.Single().Data.ToStringUtf8().ShouldBe("\"ACTIVITY_ID_NOT_STARTED\"");
    }

    [Fact]
    public async Task Closings_that_arrive_during_a_task_come_after_everything_else_and_know_their_start()
    {
        await _run.StartAsync();
        await _run.AnswerAsync(Order.Activity("a", _run.Queue), Order.Activity("b", _run.Queue));
        await _run.SignalAsync("one");
        var task = await _run.TakeAsync();
        foreach (var _ in new int[2])
            await FinishActivityAsync();
        await _run.SignalAsync("two");

        await _run.CompleteAsync(task);

        var events = await _run.EventsAsync();
        events.Skip(9).Select(e => e.EventType).ShouldBe(
            [WorkflowTaskCompleted, ActivityTaskStarted, ActivityTaskStarted, WorkflowExecutionSignaled, ActivityTaskCompleted, ActivityTaskCompleted, WorkflowTaskScheduled]);
        events[13].ActivityTaskCompletedEventAttributes.StartedEventId.ShouldBe(11);
        events[14].ActivityTaskCompletedEventAttributes.StartedEventId.ShouldBe(12);
        events[10].ActivityTaskStartedEventAttributes.ScheduledEventId.ShouldBe(events[13].ActivityTaskCompletedEventAttributes.ScheduledEventId);
    }

    [Fact]
    public async Task A_failed_task_leaves_one_event_and_the_next_attempt_none_until_something_happens()
    {
        await _run.StartAsync();
        await _run.FailAsync(await _run.TakeAsync());
        await _run.FailAsync(await _run.TakeAsync());
        (await _run.TypesAsync()).ShouldBe([WorkflowExecutionStarted, WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskFailed]);

        await _run.SignalAsync("one");
        await _run.SignalAsync("two");
        var task = await _run.TakeAsync();

        task.Attempt.ShouldBe(1);
        await _run.CompleteAsync(task, Order.Complete());
        var events = await _run.EventsAsync();
        events.Skip(4).Select(e => e.EventType).ShouldBe(
            [WorkflowExecutionSignaled, WorkflowExecutionSignaled, WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskCompleted, WorkflowExecutionCompleted]);
        events[6].WorkflowTaskScheduledEventAttributes.Attempt.ShouldBe(1);
    }

    [Fact]
    public async Task An_attempt_after_a_failure_is_seen_by_the_worker_and_written_when_it_succeeds()
    {
        await _run.StartAsync();
        await _run.FailAsync(await _run.TakeAsync());

        var second = await _run.TakeAsync();
        second.Attempt.ShouldBe(2);
        second.History.Events.Select(e => e.EventType).TakeLast(2).ShouldBe([WorkflowTaskScheduled, WorkflowTaskStarted]);
        second.History.Events.Select(e => e.EventId).ShouldBe([1, 2, 3, 4, 5, 6]);
        second.StartedEventId.ShouldBe(6);
        await _run.CompleteAsync(second, Order.Complete());

        var events = await _run.EventsAsync();
        events.Skip(4).Select(e => e.EventType).ShouldBe([WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskCompleted, WorkflowExecutionCompleted]);
        events[4].WorkflowTaskScheduledEventAttributes.Attempt.ShouldBe(2);
    }

    [Fact]
    public async Task A_run_terminated_during_a_task_closes_that_task_first()
    {
        await _run.StartAsync();
        await _run.TakeAsync();
        await _run.SignalAsync("unseen");

        await _run.Handle.TerminateAsync();

        var events = await _run.EventsAsync();
        events.Skip(3).Select(e => e.EventType).ShouldBe([WorkflowTaskFailed, WorkflowExecutionSignaled, WorkflowExecutionTerminated]);
        events[3].WorkflowTaskFailedEventAttributes.Cause.ShouldBe(WorkflowTaskFailedCause.ForceCloseCommand);
        events[3].WorkflowTaskFailedEventAttributes.Identity.ShouldBe("history-service");
    }

    [Fact]
    public async Task A_termination_without_words_says_that_a_user_did_it()
    {
        await _run.StartAsync();

        await _run.Service.TerminateWorkflowExecutionAsync(new() { Namespace = temporal.Namespace, WorkflowExecution = _run.Execution });

        var terminated = (await _run.EventsAsync())[^1].WorkflowExecutionTerminatedEventAttributes;
        terminated.Reason.ShouldBe("terminated by user via frontend");
        terminated.Identity.ShouldBe("frontend-service");
    }

    [Fact]
    public async Task A_run_that_signals_or_cancels_itself_is_told_that_there_is_no_such_other()
    {
        await _run.StartAsync();

        await _run.AnswerAsync(Order.Signal(_run.Id), Order.Cancel(_run.Id));

        var events = await _run.EventsAsync();
        events.Skip(4).Take(2).Select(e => e.EventType).ShouldBe([SignalExternalWorkflowExecutionInitiated, RequestCancelExternalWorkflowExecutionInitiated]);
        await Eventually.HoldsAsync(async () => events = (await _run.EventsAsync()).Count == 9 ? await _run.EventsAsync() : throw new InvalidOperationException("not yet"));
        events.Skip(6).Select(e => e.EventType).Order().ShouldBe(
            ((EventType[])[WorkflowTaskScheduled, SignalExternalWorkflowExecutionFailed, RequestCancelExternalWorkflowExecutionFailed]).Order());
        events.Single(e => e.EventType == SignalExternalWorkflowExecutionFailed).SignalExternalWorkflowExecutionFailedEventAttributes.Cause
            .ShouldBe(SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound);
    }

    [Fact]
    public async Task A_signal_from_another_workflow_comes_from_the_service_in_the_name_of_that_workflow()
    {
        var other = new ByHand(temporal);
        await _run.StartAsync();
        string sender = await other.StartAsync();

        await other.AnswerAsync(Order.Signal(_run.Id));

        WorkflowExecutionSignaledEventAttributes? signaled = null;
        await Eventually.HoldsAsync(async () => signaled = (await _run.EventsAsync()).Single(e => e.EventType == WorkflowExecutionSignaled).WorkflowExecutionSignaledEventAttributes);
        signaled!.Identity.ShouldBe("history-service");
        signaled.ExternalWorkflowExecution.WorkflowId.ShouldBe(other.Id);
        signaled.ExternalWorkflowExecution.RunId.ShouldBe(sender);
    }

    [Theory]
    [InlineData(ParentClosePolicy.Terminate, WorkflowExecutionTerminated)]
    [InlineData(ParentClosePolicy.RequestCancel, WorkflowExecutionCancelRequested)]
    public async Task What_a_closing_parent_does_to_its_child_is_written_there(ParentClosePolicy policy, EventType type)
    {
        var child = new ByHand(temporal);
        string parent = await _run.StartAsync();
        var start = Order.Child(child.Id, child.Queue);
        start.StartChildWorkflowExecutionCommandAttributes.ParentClosePolicy = policy;
        await _run.AnswerAsync(start);
        await _run.AnswerAsync(Order.Complete());

        HistoryEvent? done = null;
        await Eventually.HoldsAsync(async () => done = (await child.EventsAsync()).Single(e => e.EventType == type));
        if (policy == ParentClosePolicy.Terminate)
        {
            done!.WorkflowExecutionTerminatedEventAttributes.Reason.ShouldBe("by parent close policy");
            done.WorkflowExecutionTerminatedEventAttributes.Identity.ShouldBe("history-service");
        }
        else
        {
            done!.WorkflowExecutionCancelRequestedEventAttributes.ExternalWorkflowExecution.RunId.ShouldBe(parent);
            done.WorkflowExecutionCancelRequestedEventAttributes.Identity.ShouldBe("history-service");
        }
    }

    [Fact]
    public async Task A_kept_alive_task_goes_on_in_the_next_one()
    {
        await _run.StartAsync();
        var task = await _run.TakeAsync();

        await _run.Service.RespondWorkflowTaskCompletedAsync(new() { Namespace = temporal.Namespace, TaskToken = task.TaskToken, Identity = "hand", ForceCreateNewWorkflowTask = true });

        (await _run.TypesAsync()).ShouldBe([WorkflowExecutionStarted, WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskCompleted, WorkflowTaskScheduled]);
        var pending = (await _run.DescribeAsync()).PendingWorkflowTask;
        pending.OriginalScheduledTime.ToDateTime().ShouldBeLessThan(pending.ScheduledTime.ToDateTime());
    }

    private async Task FinishActivityAsync()
    {
        var activity = await _run.Service.PollActivityTaskQueueAsync(new() { Namespace = temporal.Namespace, TaskQueue = new() { Name = _run.Queue }, Identity = "hand" });
        await _run.Service.RespondActivityTaskCompletedAsync(new() { Namespace = temporal.Namespace, TaskToken = activity.TaskToken, Identity = "hand" });
    }
}
