using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>What a run looks like from outside, and who is told that there is none.</summary>
public sealed class DescribeTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly ByHand _run = new(temporal);

    [Fact]
    public async Task A_run_tells_by_which_request_and_with_which_priority_it_was_started()
    {
        string request = Guid.NewGuid().ToString();
        await _run.StartAsync(r => (r.RequestId, r.Priority) = (request, new() { PriorityKey = 2 }));

        var described = await _run.DescribeAsync();

        described.WorkflowExtendedInfo.RequestIdInfos[request].EventType.ShouldBe(EventType.WorkflowExecutionStarted);
        described.WorkflowExtendedInfo.RequestIdInfos[request].EventId.ShouldBe(1);
        described.WorkflowExecutionInfo.Priority.PriorityKey.ShouldBe(2);
    }

    [Fact]
    public async Task A_closed_run_still_shows_what_it_left_behind()
    {
        var child = new ByHand(temporal);
        var start = Order.Child(child.Id, child.Queue);
        start.StartChildWorkflowExecutionCommandAttributes.ParentClosePolicy = ParentClosePolicy.Abandon;
        await _run.StartAsync();
        await _run.AnswerAsync(start, Order.Activity("a", RandomId.New("queue")));
        await Eventually.HoldsAsync(async () => (await _run.TypesAsync()).ShouldContain(EventType.ChildWorkflowExecutionStarted));

        await _run.Handle.TerminateAsync();

        var described = await _run.DescribeAsync();
        described.WorkflowExecutionInfo.Status.ShouldBe(WorkflowExecutionStatus.Terminated);
        described.PendingChildren.Single().WorkflowId.ShouldBe(child.Id);
        described.PendingActivities.Single().ActivityId.ShouldBe("a");
    }

    [Fact]
    public async Task A_queue_tells_of_both_its_kinds_of_tasks_when_asked_as_the_command_line_does()
    {
        await _run.StartAsync();
#pragma warning disable CS0612 // The old form that the command line still asks for.
        var request = new DescribeTaskQueueRequest { Namespace = temporal.Namespace, TaskQueue = new() { Name = _run.Queue }, ApiMode = DescribeTaskQueueMode.Enhanced, ReportStats = true, ReportPollers = true };

        await Eventually.HoldsAsync(async () =>
        {
            var types = (await _run.Service.DescribeTaskQueueAsync(request)).VersionsInfo[""].TypesInfo;
            types.Keys.Order().ShouldBe([(int)TaskQueueType.Workflow, (int)TaskQueueType.Activity]);
            types[(int)TaskQueueType.Workflow].Stats.ApproximateBacklogCount.ShouldBe(1);
            types[(int)TaskQueueType.Activity].Stats.ApproximateBacklogCount.ShouldBe(0);
        });
        request.TaskQueue = new() { Name = _run.Queue, Kind = TaskQueueKind.Sticky };
#pragma warning restore CS0612
        (await ByHand.RefusedAsync(() => _run.Service.DescribeTaskQueueAsync(request))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    [Fact]
    public async Task A_page_of_one_run_is_not_a_page_of_another()
    {
        await _run.StartAsync();
        var page = (await _run.Service.GetWorkflowExecutionHistoryAsync(new() { Namespace = temporal.Namespace, Execution = _run.Execution, WaitNewEvent = true })).NextPageToken;
        var other = new WorkflowExecution { WorkflowId = _run.Id, RunId = Guid.NewGuid().ToString() };

        (await ByHand.RefusedAsync(() => _run.Service.GetWorkflowExecutionHistoryAsync(new() { Namespace = temporal.Namespace, Execution = other, NextPageToken = page })))
            .Message.ShouldBe("RunId in the request does not match the NextPageToken.");
        (await ByHand.RefusedAsync(() => _run.Service.GetWorkflowExecutionHistoryReverseAsync(new() { Namespace = temporal.Namespace, Execution = other, NextPageToken = page })))
            .Message.ShouldBe("RunId in the request does not match the NextPageToken.");
    }

    [Fact]
    public async Task A_closed_run_is_not_asked_for_its_chain()
    {
        await _run.StartAsync();
        await _run.Handle.TerminateAsync();
        string other = Guid.NewGuid().ToString();

        await _run.Service.RequestCancelWorkflowExecutionAsync(new() { Namespace = temporal.Namespace, WorkflowExecution = _run.Execution, FirstExecutionRunId = other });
        var refused = await ByHand.RefusedAsync(() => _run.Service.TerminateWorkflowExecutionAsync(
            new() { Namespace = temporal.Namespace, WorkflowExecution = _run.Execution, FirstExecutionRunId = other }));

        refused.Message.ShouldBe("workflow execution already completed");
    }

    [Fact]
    public async Task An_open_run_of_another_chain_is_not_found()
    {
        await _run.StartAsync();

        var refused = await ByHand.RefusedAsync(() => _run.Service.TerminateWorkflowExecutionAsync(
            new() { Namespace = temporal.Namespace, WorkflowExecution = _run.Execution, FirstExecutionRunId = Guid.NewGuid().ToString() }));

        refused.Code.ShouldBe(RpcException.StatusCode.NotFound);
        refused.Message.ShouldBe("workflow execution not found");
    }

    [Fact]
    public async Task An_unknown_workflow_and_an_unknown_run_are_told_apart()
    {
        await _run.StartAsync();
        string id = RandomId.New("nobody"), run = Guid.NewGuid().ToString();

        (await ByHand.RefusedAsync(() => new ByHand(temporal).DescribeAsync())).Message.ShouldStartWith("workflow not found for ID: ");
        (await ByHand.RefusedAsync(() => _run.EventsAsync(run))).Message.ShouldBe($"workflow execution not found for workflow ID \"{_run.Id}\" and run ID \"{run}\"");
        (await ByHand.RefusedAsync(() => temporal.Client.GetWorkflowHandle(id).CancelAsync())).Message.ShouldBe($"workflow not found for ID: {id}");
    }
}
