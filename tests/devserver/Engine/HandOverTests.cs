using Rotation.DevServer;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Activities;
using Temporalio.Client;
using Temporalio.Worker;
using Temporalio.Workflows;
using Xunit;

namespace Rotation.Tests.DevServer.Engine;

/// <summary>Workers and the server are replaced while they work; with the capability that ends polls of stopping workers and, as real services have it, without.</summary>
public sealed class HandOverTests : IDisposable
{
    private const int Runs = 30;
    private const int Steps = 8;
    private const int Rounds = 4;
    private const int InRound = Runs * Steps / (Rounds + 2);
    private readonly Baton _baton = new();
    private readonly TempFolder _folder = new();
    private readonly int _port = FreePort.Next();
    private readonly string _queue = RandomId.New("queue");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_run_ends_though_workers_and_server_are_replaced_under_load(bool completesPolls)
    {
        EmbeddedServer server = await StartAsync(completesPolls);
        TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
        var runs = new List<WorkflowHandle<Relay, int>>();
        for (int n = 0; n < Runs; n++)
            runs.Add(await client.StartWorkflowAsync((Relay r) => r.RunAsync(Steps), new(RandomId.New("run"), _queue) { TaskTimeout = TimeSpan.FromSeconds(2) }));

        for (int round = 1; round <= Rounds; round++)
        {
            using var worker = NewWorker(client);
            int target = _baton.Passed + InRound;
            _baton.Allow(InRound);
            // What is not allowed yet waits, and so is at work when its worker stops.
            await worker.ExecuteAsync(() => Eventually.HoldsAsync(() => _baton.Passed.ShouldBe(target)));
        }

        _baton.Allow(int.MaxValue / 2);
        using (var last = NewWorker(client))
        {
            await last.ExecuteAsync(async () =>
            {
                await server.DisposeAsync();
                server = await StartAsync(completesPolls);
                foreach (var run in runs)
                    (await (await TemporalClient.ConnectAsync(new(server.Address))).GetWorkflowHandle<Relay, int>(run.Id).GetResultAsync()).ShouldBe(Steps);
            });
        }
        await server.DisposeAsync();
    }

    public void Dispose()
    {
        _folder.Dispose();
        _baton.Dispose();
    }

    private TemporalWorker NewWorker(TemporalClient client) => new(client, new TemporalWorkerOptions(_queue).AddWorkflow<Relay>().AddActivity(_baton.PassAsync));

    private Task<EmbeddedServer> StartAsync(bool completesPolls) => EmbeddedServer.StartAsync(
        new() { Port = _port, DatabasePath = _folder.Combine("relay.db"), CompletePollsOnWorkerShutdown = completesPolls }, TestContext.Current.CancellationToken);
}

/// <summary>Passes a baton from activity to activity.</summary>
[Workflow]
public sealed class Relay
{
    /// <summary>Runs it; how often it was passed.</summary>
    [WorkflowRun]
    public async Task<int> RunAsync(int steps)
    {
        int passed = 0;
        while (passed < steps)
            passed = await Workflow.ExecuteActivityAsync((Baton b) => b.PassAsync(passed), new() { StartToCloseTimeout = TimeSpan.FromSeconds(2), RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(50), BackoffCoefficient = 1 } });
        return passed;
    }
}

/// <summary>The baton, which is passed only as often as it is allowed to.</summary>
public sealed class Baton : IDisposable
{
    private readonly SemaphoreSlim _turns = new(0);
    private int _passed;

    /// <summary>How often it was passed.</summary>
    public int Passed => Volatile.Read(ref _passed);

    /// <summary>Lets it be passed that often more.</summary>
    public void Allow(int turns) => _turns.Release(turns);

    /// <summary>Passes it once more, when it is allowed to.</summary>
    [Activity]
    public async Task<int> PassAsync(int before)
    {
        ActivityExecutionContext context = ActivityExecutionContext.Current;
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, context.WorkerShutdownToken);
        await _turns.WaitAsync(ends.Token);
        Interlocked.Increment(ref _passed);
        return before + 1;
    }

    public void Dispose() => _turns.Dispose();
}
