using System.Net;
using System.Net.Sockets;
using Grpc.Core;
using Rotation.DevServer;
using Rotation.Tests.DevServer.Engine;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.DevServer.Transport;

/// <summary>What a server meets that a client should not do. Afterwards it works as before.</summary>
public sealed class AbuseTests : IAsyncLifetime
{
    private const int Idle = 1000;

    private EmbeddedServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await EmbeddedServer.StartAsync(new(), Cancellation);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_thousand_idle_pollers_cost_nobody_anything()
    {
        using var channel = new RawChannel(_server.Address);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Task<PollWorkflowTaskQueueResponse>[] polls = [.. Enumerable.Range(0, Idle).Select(n => PollAsync(channel, $"idle-{n}", new CallOptions(deadline: DateTime.UtcNow.AddMinutes(2), cancellationToken: stop.Token)))];

        await WorksAsync();
        await stop.CancelAsync();

        foreach (Task<PollWorkflowTaskQueueResponse> poll in polls)
            (await Should.ThrowAsync<RpcException>(poll)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await WorksAsync();
    }

    [Fact]
    public async Task Connections_that_say_nothing_or_nonsense_are_left_alone()
    {
        var end = IPEndPoint.Parse(_server.Address);
        List<Socket> sockets = [];
        for (int n = 0; n < 100; n++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(end, Cancellation);
            if (n % 2 == 0)
                await socket.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Cancellation);
            sockets.Add(socket);
        }

        await WorksAsync();
        sockets.ForEach(s => s.Dispose());
        await WorksAsync();
    }

    [Theory]
    [InlineData("StartWorkflowExecution")]
    [InlineData("RespondWorkflowTaskCompleted")]
    [InlineData("CreateSchedule")]
    [InlineData("ListWorkflowExecutions")]
    [InlineData("DescribeNamespace")]
    public async Task Bytes_that_are_no_message_are_refused_and_change_nothing(string method)
    {
        using var channel = new RawChannel(_server.Address);
        var random = new Random(1);
        for (int n = 0; n < 50; n++)
        {
            byte[] bytes = new byte[random.Next(1, 200)];
            random.NextBytes(bytes);
            RpcException refused = await Should.ThrowAsync<RpcException>(channel.SendBytesAsync(RawChannel.WorkflowService, method, bytes));
            refused.StatusCode.ShouldBeOneOf(StatusCode.Internal, StatusCode.InvalidArgument, StatusCode.NotFound);
        }

        await WorksAsync();
    }

    [Fact]
    public async Task A_poller_that_vanishes_takes_no_task_with_it()
    {
        TemporalClient client = await TemporalClient.ConnectAsync(new(_server.Address));
        for (int n = 0; n < 20; n++)
        {
            using var gone = new RawChannel(_server.Address);
            using var stop = new CancellationTokenSource();
            Task<PollWorkflowTaskQueueResponse> poll = PollAsync(gone, "abused", new CallOptions(deadline: DateTime.UtcNow.AddMinutes(2), cancellationToken: stop.Token));
            await stop.CancelAsync();
            await Should.ThrowAsync<RpcException>(poll);
        }

        using var worker = new TemporalWorker(client, new TemporalWorkerOptions("abused").AddWorkflow<Echo>());
        await worker.ExecuteAsync(async () => (await client.ExecuteWorkflowAsync((Echo e) => e.RunAsync("still"), new(RandomId.New("wf"), "abused"))).ShouldBe("still"));
    }

    private static Task<PollWorkflowTaskQueueResponse> PollAsync(RawChannel channel, string queue, CallOptions options) =>
        channel.CallAsync<PollWorkflowTaskQueueRequest, PollWorkflowTaskQueueResponse>("PollWorkflowTaskQueue", new() { Namespace = "default", TaskQueue = new() { Name = queue }, Identity = "abuse" }, options);

    private async Task WorksAsync()
    {
        TemporalClient client = await TemporalClient.ConnectAsync(new(_server.Address));
        string queue = RandomId.New("queue");
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(queue).AddWorkflow<Echo>());
        await worker.ExecuteAsync(async () => (await client.ExecuteWorkflowAsync((Echo e) => e.RunAsync("works"), new(RandomId.New("wf"), queue))).ShouldBe("works"));
    }
}
