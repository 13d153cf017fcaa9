using Rotation.DevServer;
using Rotation.DevServer.Store;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.DevServer.Engine;

/// <summary>What closed long ago goes, what is open stays, and the file gives its space back.</summary>
public sealed class RetentionTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string File => _folder.Combine("server.db");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Closed_runs_past_their_time_are_deleted_and_open_ones_stay()
    {
        await using EmbeddedServer server = await StartAsync(TimeSpan.FromMilliseconds(1));
        TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
        WorkflowHandle open = await client.StartWorkflowAsync("Nobody", [], new("stays", "nowhere"));
        await RunAsync(client, "goes", 1);

        await Eventually.HoldsAsync(async () => (await Should.ThrowAsync<RpcException>(client.GetWorkflowHandle("goes-0").DescribeAsync())).Code.ShouldBe(RpcException.StatusCode.NotFound));

        (await open.DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Running);
        (await client.CountWorkflowsAsync("")).Count.ShouldBe(1);
        (await client.StartWorkflowAsync("Nobody", [], new("goes-0", "nowhere"))).ResultRunId.ShouldNotBeNull();
    }

    [Fact]
    public async Task Compacting_gives_the_space_of_deleted_runs_back_and_keeps_the_rest()
    {
        await using (EmbeddedServer server = await StartAsync(TimeSpan.FromMilliseconds(1)))
        {
            TemporalClient client = await TemporalClient.ConnectAsync(new(server.Address));
            await client.StartWorkflowAsync("Nobody", [new string('x', 100_000)], new("stays", "nowhere"));
            await RunAsync(client, "goes", 40);
            await Eventually.HoldsAsync(async () => (await client.CountWorkflowsAsync("")).Count.ShouldBe(1));
            Should.Throw<StoreException>(() => EmbeddedServer.Compact(File)).Message.ShouldContain("in use");
        }

        (long before, long after) = EmbeddedServer.Compact(File);

        after.ShouldBeLessThan(before / 2);
        await using EmbeddedServer again = await StartAsync(TimeSpan.FromDays(1));
        TemporalClient later = await TemporalClient.ConnectAsync(new(again.Address));
        (await later.GetWorkflowHandle("stays").DescribeAsync()).Status.ShouldBe(WorkflowExecutionStatus.Running);
    }

    [Fact]
    public void A_file_that_is_not_there_is_not_made() => Should.Throw<StoreException>(() => EmbeddedServer.Compact(File)).Message.ShouldContain(File);

    private Task<EmbeddedServer> StartAsync(TimeSpan retention) =>
        EmbeddedServer.StartAsync(new DevServerOptions { DatabasePath = File, Retention = retention, RetentionSweep = TimeSpan.FromMilliseconds(50) }, TestContext.Current.CancellationToken);

    private static async Task RunAsync(TemporalClient client, string name, int count)
    {
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("retention").AddWorkflow<Echo>());
        await worker.ExecuteAsync(() => Task.WhenAll(Enumerable.Range(0, count).Select(n => client.ExecuteWorkflowAsync((Echo e) => e.RunAsync(new string('y', 20_000)), new($"{name}-{n}", "retention")))));
    }
}
