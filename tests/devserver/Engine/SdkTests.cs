using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.DevServer.Engine;

/// <summary>The real SDK's client and worker on the embedded server.</summary>
public sealed class SdkTests(TemporalFixture temporal) : IClassFixture<TemporalFixture>
{
    private readonly string _queue = RandomId.New("queue");

    [Fact]
    public async Task Activities_and_timers_run_in_a_chain()
    {
        using var worker = NewWorker();
        var sum = await worker.ExecuteAsync(() => temporal.Client.ExecuteWorkflowAsync((Chain w) => w.RunAsync(4), Options()));
        sum.ShouldBe(12);
    }

    [Fact]
    public async Task Signals_queries_and_updates_are_answered()
    {
        using var worker = NewWorker();
        await worker.ExecuteAsync(async () =>
        {
            var handle = await temporal.Client.StartWorkflowAsync((Conversation w) => w.RunAsync("ann"), Options());
            await handle.SignalAsync(w => w.SayAsync("a"));
            (await handle.QueryAsync(w => w.Count())).ShouldBe(1);
            (await handle.ExecuteUpdateAsync(w => w.AddAsync("b"))).ShouldBe(2);
            var refused = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync(w => w.AddAsync("no")));
            refused.InnerException!.Message.ShouldBe("not that word");
            await handle.SignalAsync(w => w.FinishAsync());
            (await handle.GetResultAsync()).ShouldBe("ann: a,b");
            (await handle.QueryAsync(w => w.Count())).ShouldBe(2);
        });
    }

    [Fact]
    public async Task A_failing_activity_is_tried_again()
    {
        using var worker = NewWorker();
        (await worker.ExecuteAsync(() => temporal.Client.ExecuteWorkflowAsync((Flaky w) => w.RunAsync(3), Options()))).ShouldBe(4);
    }

    [Fact]
    public async Task Children_report_to_their_parent()
    {
        using var worker = NewWorker();
        (await worker.ExecuteAsync(() => temporal.Client.ExecuteWorkflowAsync((Parent w) => w.RunAsync(RandomId.New("child")), Options()))).ShouldBe(8);
    }

    [Fact]
    public async Task A_chain_of_runs_is_followed_to_its_end()
    {
        using var worker = NewWorker();
        (await worker.ExecuteAsync(() => temporal.Client.ExecuteWorkflowAsync((Countdown w) => w.RunAsync(3), Options()))).ShouldBe("lift-off");
    }

    [Fact]
    public async Task A_cancel_reaches_the_activity()
    {
        using var worker = NewWorker();
        await worker.ExecuteAsync(async () =>
        {
            var handle = await temporal.Client.StartWorkflowAsync((Cancellable w) => w.RunAsync(), Options());
            await Eventually.GetAsync(() => handle.DescribeAsync(), d => d.HistoryLength >= 5);
            await handle.CancelAsync();
            var failed = await Should.ThrowAsync<WorkflowFailedException>(() => handle.GetResultAsync());
            failed.InnerException.ShouldBeOfType<CanceledFailureException>();
        });
    }

    [Fact]
    public async Task A_worker_that_stops_is_replaced_by_another()
    {
        WorkflowHandle<Conversation, string> handle;
        using (var first = NewWorker())
        {
            handle = await first.ExecuteAsync(async () =>
            {
                var started = await temporal.Client.StartWorkflowAsync((Conversation w) => w.RunAsync("bo"), Options());
                await started.ExecuteUpdateAsync(w => w.AddAsync("x"));
                return started;
            });
        }
        using var second = NewWorker();
        await second.ExecuteAsync(async () =>
        {
            await handle.ExecuteUpdateAsync(w => w.AddAsync("y"));
            await handle.SignalAsync(w => w.FinishAsync());
            (await handle.GetResultAsync()).ShouldBe("bo: x,y");
        });
    }

    [Fact]
    public async Task Histories_replay()
    {
        using var worker = NewWorker();
        var handle = await worker.ExecuteAsync(async () =>
        {
            var started = await temporal.Client.StartWorkflowAsync((Chain w) => w.RunAsync(5), Options());
            await started.GetResultAsync();
            return started;
        });
        var result = await new WorkflowReplayer(new WorkflowReplayerOptions().AddWorkflow<Chain>()).ReplayWorkflowAsync(await handle.FetchHistoryAsync());
        result.ReplayFailure.ShouldBeNull();
    }

    private WorkflowOptions Options() => new(RandomId.New("run"), _queue);

    private TemporalWorker NewWorker() => new(temporal.Client, new TemporalWorkerOptions(_queue)
        .AddWorkflow<Conversation>().AddWorkflow<Chain>().AddWorkflow<Flaky>().AddWorkflow<Parent>().AddWorkflow<Countdown>().AddWorkflow<Cancellable>()
        .AddAllActivities(typeof(Work), null));
}
