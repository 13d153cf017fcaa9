using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Xunit;
using static Temporalio.Api.Enums.V1.EventType;

namespace Rotation.Tests.Conformance;

/// <summary>A worker that keeps a run asks for its tasks on a queue of its own; what becomes of them when it does not come.</summary>
public sealed class StickyTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);
    private readonly string _own = RandomId.New("sticky");

    [Fact]
    public async Task A_task_waits_for_the_worker_that_has_the_run_and_brings_it_only_what_is_new()
    {
        await _run.StartAsync();
        await _run.KeepAsync(await _run.TakeAsync(), Own, TimeSpan.FromMinutes(5));
        Task<PollWorkflowTaskQueueResponse> polling = _run.PollAsync(Own, TimeSpan.FromSeconds(60));
        await Eventually.GetAsync(
            () => _run.Service.DescribeTaskQueueAsync(new() { Namespace = temporal.Namespace, TaskQueue = Own, TaskQueueType = TaskQueueType.Workflow }), q => q.Pollers.Count > 0);
        await _run.SignalAsync("hello");

        PollWorkflowTaskQueueResponse task = await polling;

        task.PreviousStartedEventId.ShouldBe(3);
        task.History.Events.Select(e => (e.EventId, e.EventType)).ShouldBe([(4, WorkflowTaskCompleted), (5, WorkflowExecutionSignaled), (6, WorkflowTaskScheduled), (7, WorkflowTaskStarted)]);
        TaskQueue scheduled = task.History.Events[2].WorkflowTaskScheduledEventAttributes.TaskQueue;
        (scheduled.Name, scheduled.Kind, scheduled.NormalName).ShouldBe((_own, TaskQueueKind.Sticky, _run.Queue));
    }

    [Fact]
    public async Task A_task_that_this_worker_does_not_fetch_in_time_goes_to_all_of_them_with_the_whole_history()
    {
        await _run.StartAsync();
        await _run.KeepAsync(await _run.TakeAsync(), Own, TimeSpan.FromSeconds(2));
        await AskOnceAsync();
        await _run.SignalAsync("hello");

        PollWorkflowTaskQueueResponse task = await _run.TakeAsync();

        task.Attempt.ShouldBe(1);
        // Whether the server waited in vain, which is an event, or saw that nobody asks there any more, is its own affair.
        task.History.Events.Select(e => e.EventType).Where(t => t != WorkflowTaskTimedOut).Distinct()
            .ShouldBe([WorkflowExecutionStarted, WorkflowTaskScheduled, WorkflowTaskStarted, WorkflowTaskCompleted, WorkflowExecutionSignaled]);
        task.History.Events.Where(e => e.EventType == WorkflowTaskTimedOut).ShouldAllBe(e => e.WorkflowTaskTimedOutEventAttributes.TimeoutType == TimeoutType.ScheduleToStart);
        task.History.Events[^1].EventType.ShouldBe(WorkflowTaskStarted);
    }

    [Fact]
    public async Task A_worker_that_never_asked_is_not_waited_for()
    {
        await _run.StartAsync();
        await _run.KeepAsync(await _run.TakeAsync(), Own, TimeSpan.FromMinutes(5));
        await _run.SignalAsync("hello");

        PollWorkflowTaskQueueResponse task = await _run.TakeAsync();

        task.History.Events[0].EventId.ShouldBe(1);
        (await _run.TypesAsync()).ShouldNotContain(WorkflowTaskTimedOut);
    }

    [Fact]
    public async Task A_worker_that_gives_the_run_up_is_not_waited_for()
    {
        await _run.StartAsync();
        await _run.KeepAsync(await _run.TakeAsync(), Own, TimeSpan.FromMinutes(5));
        await AskOnceAsync();
        await temporal.Client.WorkflowService.ResetStickyTaskQueueAsync(new() { Namespace = temporal.Namespace, Execution = _run.Execution });
        await _run.SignalAsync("hello");

        PollWorkflowTaskQueueResponse task = await _run.TakeAsync();

        task.History.Events[0].EventId.ShouldBe(1);
        task.History.Events.Last(e => e.EventType == WorkflowTaskScheduled).WorkflowTaskScheduledEventAttributes.TaskQueue.Kind.ShouldBe(TaskQueueKind.Normal);
    }

    private TaskQueue Own => new() { Name = _own, Kind = TaskQueueKind.Sticky, NormalName = _run.Queue };

    // The server knows a worker by its asking, which may end without a task.
    private async Task AskOnceAsync()
    {
        try
        {
            (await _run.PollAsync(Own, TimeSpan.FromSeconds(3))).TaskToken.ShouldBeEmpty();
        }
        catch (RpcException e) when (e.Code is RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled)
        {
            // No task: as it should be.
        }
    }
}
