using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fakes;
using Rotation.Workflows;
using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Tests.Workflow.Locks;

/// <summary>A worker for the lock's workflows and <see cref="LockUser"/>, and a cluster of its own.</summary>
internal sealed class LockHarness : IAsyncDisposable
{
    private readonly RunningWorker _worker;

    public LockHarness(RotationServer server, string? cluster = null)
    {
        Cluster = cluster ?? $"c{Guid.NewGuid():N}.example.com";
        Client = server.Typed;
        _worker = new(Client, new TemporalWorkerOptions(Queue).AddWorkflow<ClusterHold>().AddWorkflow<ClusterLock>().AddWorkflow<LockUser>().AddAllActivities(new FakeLockActivities()));
    }

    public ITemporalClient Client { get; }

    public string Queue { get; } = RandomId.New("locks");

    public string Cluster { get; }

    public WorkflowHandle<ClusterLock> Lock => Client.GetWorkflowHandle<ClusterLock>(ClusterLock.IdOf(Cluster, FakeLockActivities.DefaultStore));

    public async Task<WorkflowHandle<LockUser, string>> StartAsync(bool queue = false, string? store = null, TimeSpan? runTimeout = null) =>
        await Client.StartWorkflowAsync((LockUser w) => w.RunAsync(new() { Cluster = Cluster, StateStore = store, Queue = queue }, 1), new(RandomId.New("user"), Queue) { RunTimeout = runTimeout });

    /// <summary>Starts one that holds the lock.</summary>
    public async Task<WorkflowHandle<LockUser, string>> HolderAsync(string? store = null, TimeSpan? runTimeout = null)
    {
        var holder = await StartAsync(store: store, runTimeout: runTimeout);
        await HoldsAsync(holder);
        return holder;
    }

    /// <summary>Starts one that waits behind as many others as said.</summary>
    public async Task<WorkflowHandle<LockUser, string>> WaiterAsync(int ahead)
    {
        var waiter = await StartAsync(queue: true);
        await Eventually.GetAsync(() => waiter.QueryAsync(w => w.GetState()), s => s.Contains($"{ahead} before it", StringComparison.Ordinal));
        return waiter;
    }

    public static Task<string> HoldsAsync(WorkflowHandle<LockUser, string> user, int run = 1) => Eventually.GetAsync(() => user.QueryAsync(w => w.GetState()), s => s == $"holds in run {run}");

    public async Task<string?> HolderIdAsync() => (await Lock.QueryAsync(w => w.GetHolder())).Holder?.Holder.WorkflowId;

    /// <summary>Waits until nobody holds or waits any more.</summary>
    public Task FreeAsync() => Eventually.GetAsync(async () => (await Lock.DescribeAsync()).Status, s => s == Temporalio.Api.Enums.V1.WorkflowExecutionStatus.Completed);

    public ValueTask DisposeAsync() => _worker.DisposeAsync();
}
