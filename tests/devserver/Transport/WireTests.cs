using Grpc.Core;
using Grpc.Net.Client;
using Grpc.Reflection.V1Alpha;
using Rotation.DevServer;
using Rotation.Tests.Support;
using Shouldly;
using Temporalio.Api.WorkflowService.V1;
using Xunit;

namespace Rotation.Tests.DevServer.Transport;

/// <summary>What tools rely on besides the calls themselves: compression, reflection, metrics.</summary>
public sealed class WireTests : IAsyncLifetime
{
    private EmbeddedServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await EmbeddedServer.StartAsync(new() { StatusPort = 0 }, Cancellation);

    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_compressed_request_is_understood_and_its_size_counts_unpacked()
    {
        using var channel = new RawChannel(_server.Address);
        var compressed = new CallOptions(new Metadata { { "grpc-internal-encoding-request", "gzip" } }, cancellationToken: Cancellation);
        var request = new StartWorkflowExecutionRequest
        {
            Namespace = "default",
            WorkflowId = RandomId.New("run"),
            RequestId = "r",
            WorkflowType = new() { Name = "T" },
            TaskQueue = new() { Name = "q" },
            Input = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = Google.Protobuf.ByteString.CopyFrom(new byte[1_000_000]) } } },
        };
        (await channel.CallAsync<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse>("StartWorkflowExecution", request, compressed)).Started.ShouldBeTrue();

        request.Input.Payloads_[0].Data = Google.Protobuf.ByteString.CopyFrom(new byte[5 * 1024 * 1024]);
        var refused = await Should.ThrowAsync<RpcException>(channel.CallAsync<StartWorkflowExecutionRequest, StartWorkflowExecutionResponse>("StartWorkflowExecution", request, compressed));
        refused.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Reflection_lists_the_services()
    {
        using GrpcChannel channel = GrpcChannel.ForAddress($"http://{_server.Address}");
        var client = new ServerReflection.ServerReflectionClient(channel);
        using var call = client.ServerReflectionInfo(cancellationToken: Cancellation);
        await call.RequestStream.WriteAsync(new() { ListServices = "" }, Cancellation);
        (await call.ResponseStream.MoveNext(Cancellation)).ShouldBeTrue();
        await call.RequestStream.CompleteAsync();

        string[] names = [.. call.ResponseStream.Current.ListServicesResponse.Service.Select(s => s.Name)];
        names.ShouldContain(RawChannel.WorkflowService);
        names.ShouldContain("temporal.api.operatorservice.v1.OperatorService");
    }

    [Fact]
    public async Task Metrics_count_calls_by_status_and_show_what_is_open()
    {
        using var channel = new RawChannel(_server.Address);
        await channel.CallAsync<GetSystemInfoRequest, GetSystemInfoResponse>("GetSystemInfo", new(), new(cancellationToken: Cancellation));
        await Should.ThrowAsync<RpcException>(channel.CallAsync<ListWorkflowExecutionsRequest, ListWorkflowExecutionsResponse>("ListWorkflowExecutions", new() { Namespace = "nobody" }, new(cancellationToken: Cancellation)));
        using var http = new HttpClient { BaseAddress = new Uri($"http://{_server.StatusAddress}") };

        string text = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), Cancellation);

        text.ShouldContain("rotation_server_calls_total{method=\"GetSystemInfo\",code=\"OK\"} 1\n");
        text.ShouldContain("rotation_server_calls_total{method=\"ListWorkflowExecutions\",code=\"NotFound\"} 1\n");
        text.ShouldContain("rotation_server_open_workflows 0\n");
        (await http.GetStringAsync(new Uri("/healthz", UriKind.Relative), Cancellation)).ShouldBe("ok\n");
    }
}
