using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fakes;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Locks;

/// <summary>One mutating rotation a cluster, whatever its id, starter or workflow type, and the lock free after every ending.</summary>
public sealed class ClusterLockTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task A_second_one_is_refused_in_words_that_name_the_holder()
    {
        await using var harness = new LockHarness(server);
        var holder = await harness.HolderAsync();

        var failure = await RotationHarness.FailureOfAsync(await harness.StartAsync());

        failure.ErrorType.ShouldBe(RotationErrors.ClusterLocked);
        failure.Message.ShouldContain($"is held by {holder.Id} (LockUser, a test) since");
        (await harness.HolderIdAsync()).ShouldBe(holder.Id);
        await holder.SignalAsync(w => w.EndAsync("give back"));
        await harness.FreeAsync();
    }

    [Theory]
    [InlineData("give back")]
    [InlineData("return")]
    [InlineData("fail")]
    [InlineData("terminate")]
    [InlineData("delete")]
    public async Task However_the_holder_ends_the_next_in_the_queue_gets_it(string ending)
    {
        await using var harness = new LockHarness(server);
        var holder = await harness.HolderAsync();
        var waiter = await harness.WaiterAsync(ahead: 0);

        await EndAsync(harness, holder, ending);

        await LockHarness.HoldsAsync(waiter);
        (await harness.HolderIdAsync()).ShouldBe(waiter.Id);
        await waiter.SignalAsync(w => w.EndAsync("give back"));
        await harness.FreeAsync();
    }

    [Fact]
    public async Task Those_who_wait_are_served_in_the_order_in_which_they_asked_and_the_dead_are_passed_over()
    {
        await using var harness = new LockHarness(server);
        var holder = await harness.HolderAsync();
        var first = await harness.WaiterAsync(ahead: 0);
        var second = await harness.WaiterAsync(ahead: 1);
        var third = await harness.WaiterAsync(ahead: 2);
        (await harness.Lock.QueryAsync(w => w.GetHolder())).Queue.Select(q => q.Holder.WorkflowId).ShouldBe([first.Id, second.Id, third.Id]);

        await first.TerminateAsync("died while it waited");
        await Eventually.GetAsync(() => second.QueryAsync(w => w.GetState()), s => s.Contains("0 before it", StringComparison.Ordinal));
        await holder.SignalAsync(w => w.EndAsync("return"));
        await LockHarness.HoldsAsync(second);
        (await third.QueryAsync(w => w.GetState())).ShouldContain("0 before it");
        await second.SignalAsync(w => w.EndAsync("give back"));
        await LockHarness.HoldsAsync(third);
        await third.SignalAsync(w => w.EndAsync("give back"));
        await harness.FreeAsync();
    }

    [Fact]
    public async Task A_holder_that_continues_as_new_keeps_it_before_those_who_wait()
    {
        await using var harness = new LockHarness(server);
        var holder = await harness.HolderAsync();
        var waiter = await harness.WaiterAsync(ahead: 0);
        var chain = harness.Client.GetWorkflowHandle<LockUser, string>(holder.Id);

        await chain.SignalAsync(w => w.EndAsync("continue"));
        await LockHarness.HoldsAsync(chain, run: 2);

        (await harness.HolderIdAsync()).ShouldBe(holder.Id);
        (await waiter.QueryAsync(w => w.GetState())).ShouldContain("0 before it");
        await chain.TerminateAsync("in its second run");
        await LockHarness.HoldsAsync(waiter);
        await waiter.SignalAsync(w => w.EndAsync("give back"));
    }

    [Fact]
    public async Task Cancelling_the_lock_takes_it_from_its_holder_and_the_queue_lives_on_in_a_new_run()
    {
        await using var harness = new LockHarness(server);
        await harness.HolderAsync();
        var first = await harness.WaiterAsync(ahead: 0);
        var second = await harness.WaiterAsync(ahead: 1);
        string firstRun = (await harness.Lock.DescribeAsync()).RunId;

        await harness.Lock.CancelAsync();

        await LockHarness.HoldsAsync(first);
        await Eventually.GetAsync(async () => (await harness.Lock.DescribeAsync()).RunId, r => r != firstRun);
        LockStatus status = await harness.Lock.QueryAsync(w => w.GetHolder());
        (status.Holder!.Holder.WorkflowId, status.Queue.Single().Holder.WorkflowId).ShouldBe((first.Id, second.Id));
        await harness.Lock.CancelAsync();
        await LockHarness.HoldsAsync(second);
    }

    [Fact]
    public async Task The_same_name_in_two_state_stores_is_two_clusters_and_a_store_left_out_is_the_worker_s_own()
    {
        await using var harness = new LockHarness(server);
        await harness.HolderAsync(store: "s3://another");
        await harness.HolderAsync();

        (await RotationHarness.FailureOfAsync(await harness.StartAsync(store: FakeLockActivities.DefaultStore))).ErrorType.ShouldBe(RotationErrors.ClusterLocked);
        (await RotationHarness.FailureOfAsync(await harness.StartAsync(store: "s3://another"))).ErrorType.ShouldBe(RotationErrors.ClusterLocked);
    }

    [Fact]
    public async Task Holder_and_queue_are_seen_without_a_worker()
    {
        await using var harness = new LockHarness(server);
        var holder = await harness.HolderAsync();
        var waiter = await harness.WaiterAsync(ahead: 0);

        await Eventually.HoldsAsync(async () =>
        {
            WorkflowExecutionDescription description = await harness.Lock.DescribeAsync();
            description.TypedSearchAttributes.Get(RotationSearchAttributes.Cluster).ShouldBe(harness.Cluster);
            (await description.Memo[LockFace.HolderMemo].ToValueAsync<string>()).ShouldBe(holder.Id);
            (await description.Memo[LockFace.QueueMemo].ToValueAsync<string[]>()).ShouldBe([waiter.Id]);
        });
    }

    private static async Task EndAsync(LockHarness harness, WorkflowHandle<LockUser, string> holder, string ending)
    {
        switch (ending)
        {
            case "terminate":
                await holder.TerminateAsync("a test");
                break;
            case "delete":
                await harness.Client.Connection.WorkflowService.DeleteWorkflowExecutionAsync(new() { Namespace = harness.Client.Options.Namespace, WorkflowExecution = new() { WorkflowId = holder.Id } });
                break;
            default:
                await holder.SignalAsync(w => w.EndAsync(ending));
                break;
        }
    }
}
