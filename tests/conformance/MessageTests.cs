using Rotation.Tests.Conformance.Samples;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Conformance;

/// <summary>Signals, queries and updates.</summary>
public sealed class MessageTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly Bench _bench = new(temporal);

    [Fact]
    public Task Signals_are_kept_in_order_and_none_is_lost() => WithWaiterAsync(async handle =>
    {
        for (int n = 0; n < 50; n++)
            await handle.SignalAsync(w => w.SayAsync($"{n}"));
        await handle.SignalAsync(w => w.EndAsync());

        (await handle.GetResultAsync()).ShouldBe(string.Join(',', Enumerable.Range(0, 50)));
        (await Bench.TypesAsync(handle)).Count(t => t == EventType.WorkflowExecutionSignaled).ShouldBe(51);
    });

    [Fact]
    public Task A_signal_of_a_closed_run_is_not_found() => WithWaiterAsync(async handle =>
    {
        await handle.SignalAsync(w => w.EndAsync());
        await handle.GetResultAsync();

        (await Should.ThrowAsync<RpcException>(handle.SignalAsync(w => w.EndAsync()))).Code.ShouldBe(RpcException.StatusCode.NotFound);
    });

    [Fact]
    public async Task A_signal_of_an_unknown_id_is_not_found() =>
        (await Should.ThrowAsync<RpcException>(_bench.Client.GetWorkflowHandle(RandomId.New("nobody")).SignalAsync("x", []))).Code.ShouldBe(RpcException.StatusCode.NotFound);

    [Fact]
    public Task A_signal_nobody_handles_is_kept_and_ends_nothing() => WithWaiterAsync(async handle =>
    {
        await _bench.Client.GetWorkflowHandle(handle.Id).SignalAsync("Unknown", ["x"]);
        await handle.SignalAsync(w => w.EndAsync());
        (await handle.GetResultAsync()).ShouldBe("");
    });

    [Fact]
    public Task A_query_sees_what_was_signalled_before_and_leaves_no_event() => WithWaiterAsync(async handle =>
    {
        await handle.SignalAsync(w => w.SayAsync("a"));
        (await handle.QueryAsync(w => w.Words())).ShouldBe("a");
        var before = (await Bench.TypesAsync(handle)).Length;
        (await handle.QueryAsync(w => w.Words())).ShouldBe("a");
        (await Bench.TypesAsync(handle)).Length.ShouldBe(before);
    });

    [Fact]
    public Task A_closed_run_is_queried() => WithWaiterAsync(async handle =>
    {
        await handle.SignalAsync(w => w.SayAsync("last"));
        await handle.SignalAsync(w => w.EndAsync());
        await handle.GetResultAsync();

        (await handle.QueryAsync(w => w.Words())).ShouldBe("last");
    });

    [Fact]
    public Task A_query_that_throws_tells_why() => WithWaiterAsync(async handle =>
        (await Should.ThrowAsync<WorkflowQueryFailedException>(handle.QueryAsync(w => w.Broken()))).Message.ShouldContain("this query always fails"));

    [Fact]
    public Task An_unknown_query_fails_with_the_known_ones() => WithWaiterAsync(async handle =>
        (await Should.ThrowAsync<WorkflowQueryFailedException>(_bench.Client.GetWorkflowHandle(handle.Id).QueryAsync<string>("Nothing", []))).Message.ShouldContain("Nothing"));

    [Fact]
    public Task A_query_of_a_closed_run_is_rejected_where_that_is_asked() => WithWaiterAsync(async handle =>
    {
        await handle.SignalAsync(w => w.EndAsync());
        await handle.GetResultAsync();

        var rejected = await Should.ThrowAsync<WorkflowQueryRejectedException>(handle.QueryAsync(w => w.Words(), new() { RejectCondition = QueryRejectCondition.NotOpen }));
        rejected.WorkflowStatus.ShouldBe(WorkflowExecutionStatus.Completed);
    });

    [Fact]
    public Task An_update_is_accepted_and_completed_with_its_events_in_order() => WithWaiterAsync(async handle =>
    {
        (await handle.ExecuteUpdateAsync(w => w.AddAsync("a"))).ShouldBe(1);

        var types = await Bench.TypesAsync(handle);
        int accepted = Array.IndexOf(types, EventType.WorkflowExecutionUpdateAccepted);
        types[accepted - 1].ShouldBe(EventType.WorkflowTaskCompleted);
        types[accepted + 1].ShouldBe(EventType.WorkflowExecutionUpdateCompleted);
    });

    [Fact]
    public Task An_update_that_is_refused_leaves_no_event() => WithWaiterAsync(async handle =>
    {
        await handle.QueryAsync(w => w.Words());
        var before = (await Bench.TypesAsync(handle)).Length;

        var refused = await Should.ThrowAsync<WorkflowUpdateFailedException>(handle.ExecuteUpdateAsync(w => w.AddAsync("")));

        refused.InnerException.ShouldBeOfType<ApplicationFailureException>().Message.ShouldBe("an empty word");
        (await Bench.TypesAsync(handle)).Length.ShouldBe(before);
    });

    [Fact]
    public Task An_update_that_fails_is_accepted_and_tells_why() => WithWaiterAsync(async handle =>
    {
        var failed = await Should.ThrowAsync<WorkflowUpdateFailedException>(handle.ExecuteUpdateAsync(w => w.AddAsync("fail")));

        failed.InnerException.ShouldBeOfType<ApplicationFailureException>().ErrorType.ShouldBe("CannotAdd");
        (await Bench.TypesAsync(handle)).ShouldContain(EventType.WorkflowExecutionUpdateAccepted);
    });

    [Fact]
    public Task The_same_update_id_is_the_same_update() => WithWaiterAsync(async handle =>
    {
        (await handle.ExecuteUpdateAsync(w => w.AddAsync("a"), new("one"))).ShouldBe(1);
        (await handle.ExecuteUpdateAsync(w => w.AddAsync("b"), new("one"))).ShouldBe(1);
        (await handle.QueryAsync(w => w.Words())).ShouldBe("a");
    });

    [Fact]
    public Task An_accepted_update_is_waited_for_later() => WithWaiterAsync(async handle =>
    {
        var update = await handle.StartUpdateAsync(w => w.AddAsync("slow"), new(WorkflowUpdateStage.Accepted));

        (await update.GetResultAsync()).ShouldBe(1);
        (await _bench.Client.GetWorkflowHandle(handle.Id).GetUpdateHandle<int>(update.Id).GetResultAsync()).ShouldBe(1);
    });

    [Fact]
    public Task Fifty_updates_at_once_each_have_their_answer() => WithWaiterAsync(async handle =>
    {
        int[] answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(n => handle.ExecuteUpdateAsync(w => w.AddAsync($"{n}"))));
        answers.Order().ShouldBe(Enumerable.Range(1, 50));
    });

    [Fact]
    public async Task Update_with_start_starts_once()
    {
        await _bench.RunAsync(async () =>
        {
            string id = RandomId.New("wf");
            for (int n = 1; n <= 2; n++)
            {
                var options = _bench.With(id);
                options.IdConflictPolicy = WorkflowIdConflictPolicy.UseExisting;
                var start = WithStartWorkflowOperation.Create((Waiter w) => w.RunAsync(), options);
                (await _bench.Client.ExecuteUpdateWithStartWorkflowAsync((Waiter w) => w.AddAsync("x"), new(start))).ShouldBe(n);
            }

            (await Bench.TypesAsync(_bench.Client.GetWorkflowHandle(id))).Count(t => t == EventType.WorkflowExecutionStarted).ShouldBe(1);
        });
    }

    [Fact]
    public async Task A_query_that_no_worker_answers_ends_with_its_deadline()
    {
        var handle = await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With());

        var failure = await Should.ThrowAsync<RpcException>(handle.QueryAsync(w => w.Words(), new() { Rpc = new() { Timeout = TimeSpan.FromSeconds(1), Retry = false } }));

        failure.Code.ShouldBeOneOf(RpcException.StatusCode.DeadlineExceeded, RpcException.StatusCode.Cancelled);
    }

    private Task WithWaiterAsync(Func<WorkflowHandle<Waiter, string>, Task> body) =>
        _bench.RunAsync(async () => await body(await _bench.Client.StartWorkflowAsync((Waiter w) => w.RunAsync(), _bench.With())));
}
