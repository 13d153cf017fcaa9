using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>History read forward, backward, in pages and by long poll; lists and counts.</summary>
public sealed class HistoryTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly Bench _bench = new(temporal);

    [Fact]
    public Task Pages_join_to_the_whole() => WithDoneAsync(async handle =>
    {
        List<long> ids = [];
        var request = new GetWorkflowExecutionHistoryRequest { Namespace = _bench.Namespace, Execution = new() { WorkflowId = handle.Id }, MaximumPageSize = 2 };
        do
        {
            var page = await _bench.Client.WorkflowService.GetWorkflowExecutionHistoryAsync(request);
            page.History.Events.Count.ShouldBeLessThanOrEqualTo(2);
            ids.AddRange(page.History.Events.Select(e => e.EventId));
            request.NextPageToken = page.NextPageToken;
        }
        while (!request.NextPageToken.IsEmpty);
        ids.ShouldBe(Enumerable.Range(1, 5).Select(n => (long)n));
    });

    [Fact]
    public Task Backward_is_forward_reversed() => WithDoneAsync(async handle =>
    {
        var answer = await _bench.Client.WorkflowService.GetWorkflowExecutionHistoryReverseAsync(new() { Namespace = _bench.Namespace, Execution = new() { WorkflowId = handle.Id }, MaximumPageSize = 100 });
        answer.History.Events.Select(e => e.EventId).ShouldBe([5, 4, 3, 2, 1]);
    });

    [Fact]
    public Task The_close_filter_gives_the_last_event_alone() => WithDoneAsync(async handle =>
    {
        var answer = await _bench.Client.WorkflowService.GetWorkflowExecutionHistoryAsync(new()
        {
            Namespace = _bench.Namespace,
            Execution = new() { WorkflowId = handle.Id },
            HistoryEventFilterType = HistoryEventFilterType.CloseEvent,
        });
        answer.History.Events.Single().EventType.ShouldBe(EventType.WorkflowExecutionCompleted);
    });

    [Fact]
    public Task A_long_poll_waits_for_the_end() => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        var polling = _bench.Client.WorkflowService.GetWorkflowExecutionHistoryAsync(new()
        {
            Namespace = _bench.Namespace,
            Execution = new() { WorkflowId = handle.Id },
            HistoryEventFilterType = HistoryEventFilterType.CloseEvent,
            WaitNewEvent = true,
        });
        await handle.SignalAsync(w => w.EndAsync());
        (await polling).History.Events.Single().EventType.ShouldBe(EventType.WorkflowExecutionCompleted);
    });

    [Fact]
    public async Task History_of_an_unknown_run_is_not_found()
    {
        var failure = await Should.ThrowAsync<RpcException>(_bench.Client.WorkflowService.GetWorkflowExecutionHistoryAsync(new() { Namespace = _bench.Namespace, Execution = new() { WorkflowId = RandomId.New("nobody") } }));
        failure.Code.ShouldBe(RpcException.StatusCode.NotFound);
    }

    [Fact]
    public async Task A_run_id_that_is_none_is_invalid()
    {
        var failure = await Should.ThrowAsync<RpcException>(_bench.Client.WorkflowService.DescribeWorkflowExecutionAsync(new() { Namespace = _bench.Namespace, Execution = new() { WorkflowId = "x", RunId = "not-a-uuid" } }));
        failure.Code.ShouldBe(RpcException.StatusCode.InvalidArgument);
    }

    [Fact]
    public Task Histories_replay() => WithDoneAsync(async handle =>
    {
        var replayer = new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<Echo>());
        (await replayer.ReplayWorkflowAsync(await handle.FetchHistoryAsync())).ReplayFailure.ShouldBeNull();
    });

    [Theory]
    [InlineData("WorkflowId = 'ID'", 1)]
    [InlineData("WorkflowId != 'ID' AND WorkflowId STARTS_WITH 'ID'", 0)]
    [InlineData("WorkflowId STARTS_WITH 'ID'", 1)]
    [InlineData("WorkflowType = 'Echo' AND WorkflowId = 'ID'", 1)]
    [InlineData("WorkflowId = 'ID' AND ExecutionStatus = 'Completed'", 1)]
    [InlineData("WorkflowId = 'ID' AND ExecutionStatus IN ('Running', 'Failed')", 0)]
    [InlineData("WorkflowId = 'ID' AND CloseTime > '2020-01-01T00:00:00Z'", 1)]
    [InlineData("WorkflowId = 'ID' AND StartTime BETWEEN '2020-01-01T00:00:00Z' AND '2021-01-01T00:00:00Z'", 0)]
    [InlineData("(WorkflowId = 'ID' OR WorkflowId = 'nobody') AND TaskQueue = 'QUEUE'", 1)]
    public Task Lists_and_counts_follow_the_query(string query, int found) => WithDoneAsync(async handle =>
    {
        string asked = query.Replace("ID", handle.Id, StringComparison.Ordinal).Replace("QUEUE", _bench.Queue, StringComparison.Ordinal).Replace($"Workflow{handle.Id}", "WorkflowId", StringComparison.Ordinal);
        await Eventually.HoldsAsync(async () =>
        {
            List<string> ids = [];
            await foreach (var run in _bench.Client.ListWorkflowsAsync(asked))
                ids.Add(run.Id);
            ids.Count.ShouldBe(found, asked);
            (await _bench.Client.CountWorkflowsAsync(asked)).Count.ShouldBe(found);
        });
    });

    [Theory]
    [InlineData("WorkflowId ~ 'x'")]
    [InlineData("NoSuchAttribute = 'x'")]
    [InlineData("WorkflowId = ")]
    public async Task A_query_that_is_wrong_is_invalid(string query) =>
        (await Should.ThrowAsync<RpcException>(_bench.Client.CountWorkflowsAsync(query))).Code.ShouldBe(RpcException.StatusCode.InvalidArgument);

    [Fact]
    public Task Counts_are_grouped_by_status() => WithDoneAsync(async handle =>
    {
        var open = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());
        await Eventually.HoldsAsync(async () =>
        {
            var count = await _bench.Client.CountWorkflowsAsync($"TaskQueue = '{_bench.Queue}' GROUP BY ExecutionStatus");
            count.Groups.Count.ShouldBe(2);
            count.Count.ShouldBe(2);
        });
        await open.TerminateAsync("enough");
    });

    [Fact]
    public Task The_queue_tells_its_pollers() => _bench.RunAsync(async () =>
    {
        var answer = await Eventually.GetAsync(() => _bench.Client.WorkflowService.DescribeTaskQueueAsync(new() { Namespace = _bench.Namespace, TaskQueue = new() { Name = _bench.Queue }, TaskQueueType = TaskQueueType.Workflow }), a => a.Pollers.Count > 0);
        answer.Pollers[0].Identity.ShouldNotBeEmpty();
    });

    private Task WithDoneAsync(Func<WorkflowHandle<Echo, string>, Task> body) => _bench.RunAsync(async () =>
    {
        var handle = await _bench.Client.StartWorkflowAsync((Echo e) => e.RunAsync("a"), _bench.With());
        await handle.GetResultAsync();
        await body(handle);
    });
}
