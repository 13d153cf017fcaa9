using Grpc.Core;
using Microsoft.Extensions.Logging.Abstractions;
using Rotation.DevServer.Transport;
using Shouldly;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Xunit;
using OperationStatus = Temporalio.Api.ErrorDetails.V1.MultiOperationExecutionFailure.Types.OperationStatus;

namespace Rotation.Tests.DevServer.Transport;

public sealed class TransportTests
{
    private const string Method = "DescribeWorkflowExecution";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_handler_gets_the_request_and_headers_and_its_answer_arrives()
    {
        CallContext? seen = null;
        await using var host = await HostAsync((request, context) =>
        {
            seen = context;
            return Task.FromResult(new DescribeWorkflowExecutionResponse { WorkflowExecutionInfo = new() { TaskQueue = request.Execution.WorkflowId } });
        });
        using var channel = new RawChannel(host.Address);
        var headers = new Metadata { { "client-name", "raw" }, { "client-version", "7" } };

        var answer = await DescribeAsync(channel, "ns", "w", new CallOptions(headers, DateTime.UtcNow.AddMinutes(1)));

        answer.WorkflowExecutionInfo.TaskQueue.ShouldBe("w");
        seen!.ClientName.ShouldBe("raw");
        seen.ClientVersion.ShouldBe("7");
        seen.Deadline.ShouldBeInRange(DateTime.UtcNow.AddSeconds(30), DateTime.UtcNow.AddSeconds(61));
    }

    [Fact]
    public async Task A_failure_carries_its_code_text_and_exactly_one_detail()
    {
        await using var host = await HostAsync((_, _) => throw Failures.BusyWorkflow("busy"));
        using var channel = new RawChannel(host.Address);

        var failure = await Should.ThrowAsync<RpcException>(DescribeAsync(channel, "ns", "w"));

        failure.StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        failure.Status.Detail.ShouldBe("busy");
        var details = OperationStatus.Parser.ParseFrom(failure.Trailers.GetValueBytes("grpc-status-details-bin"));
        details.Code.ShouldBe((int)StatusCode.ResourceExhausted);
        details.Details.ShouldHaveSingleItem().Unpack<Temporalio.Api.ErrorDetails.V1.ResourceExhaustedFailure>()
            .Cause.ShouldBe(ResourceExhaustedCause.BusyWorkflow);
    }

    [Fact]
    public async Task An_unexpected_exception_becomes_internal()
    {
        await using var host = await HostAsync((_, _) => throw new InvalidOperationException("a bug"));
        using var channel = new RawChannel(host.Address);

        var failure = await Should.ThrowAsync<RpcException>(DescribeAsync(channel, "ns", "w"));

        failure.StatusCode.ShouldBe(StatusCode.Internal);
        failure.Status.Detail.ShouldContain(Method);
    }

    [Theory]
    [InlineData("", StatusCode.InvalidArgument)]
    [InlineData("elsewhere", StatusCode.NotFound)]
    public async Task A_wrong_namespace_never_reaches_the_handler(string name, StatusCode code)
    {
        await using var host = await HostAsync((_, _) => throw new InvalidOperationException("reached"));
        using var channel = new RawChannel(host.Address);

        var failure = await Should.ThrowAsync<RpcException>(DescribeAsync(channel, name, "w"));

        failure.StatusCode.ShouldBe(code);
    }

    [Fact]
    public async Task Every_published_method_without_a_handler_says_that_it_is_not_implemented()
    {
        await using var host = await HostAsync((_, _) => throw new InvalidOperationException("reached"));
        using var channel = new RawChannel(host.Address);
        var methods = ServiceTable.Descriptors.SelectMany(s => s.Methods).Where(m => m.Name != Method).ToList();
        methods.Count.ShouldBeGreaterThan(100);

        foreach (var method in methods)
        {
            var failure = await Should.ThrowAsync<RpcException>(channel.SendBytesAsync(method.Service.FullName, method.Name, []));
            failure.StatusCode.ShouldBe(StatusCode.Unimplemented, method.FullName);
            failure.Status.Detail.ShouldContain(method.Service.FullName + "/" + method.Name);
        }
    }

    [Fact]
    public async Task A_deadline_ends_a_long_poll_and_its_handler()
    {
        var ended = new TaskCompletionSource();
        await using var host = await HostAsync(async (_, context) =>
        {
            using var registration = context.Cancellation.Register(ended.SetResult);
            await ended.Task;
            context.Cancellation.ThrowIfCancellationRequested();
            throw new InvalidOperationException("not cancelled");
        });
        using var channel = new RawChannel(host.Address);

        var failure = await Should.ThrowAsync<RpcException>(
            DescribeAsync(channel, "ns", "w", new CallOptions(deadline: DateTime.UtcNow.AddSeconds(2))));

        failure.StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
    }

    [Fact]
    public async Task Stopping_ends_long_polls_as_unavailable()
    {
        var entered = new TaskCompletionSource();
        var host = await HostAsync(async (_, context) =>
        {
            entered.SetResult();
            await new TaskCompletionSource().Task.WaitAsync(context.Cancellation);
            return new DescribeWorkflowExecutionResponse();
        });
        using var channel = new RawChannel(host.Address);
        var poll = DescribeAsync(channel, "ns", "w");
        await entered.Task.WaitAsync(TimeSpan.FromSeconds(10), Cancellation);

        await host.DisposeAsync();

        (await Should.ThrowAsync<RpcException>(poll)).StatusCode.ShouldBe(StatusCode.Unavailable);
    }

    [Theory]
    [InlineData(3_000_000, true)]
    [InlineData(4_200_000, false)]
    public async Task A_request_above_four_mebibytes_is_refused_by_its_size(int bytes, bool accepted)
    {
        await using var host = await HostAsync((_, _) => Task.FromResult(new DescribeWorkflowExecutionResponse()));
        using var channel = new RawChannel(host.Address);

        var call = DescribeAsync(channel, "ns", new string('x', bytes));

        if (accepted)
            await call;
        else
            (await Should.ThrowAsync<RpcException>(call)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Bytes_that_are_no_message_are_refused_and_the_server_goes_on()
    {
        await using var host = await HostAsync((_, _) => Task.FromResult(new DescribeWorkflowExecutionResponse()));
        using var channel = new RawChannel(host.Address);

        var failure = await Should.ThrowAsync<RpcException>(channel.SendBytesAsync(RawChannel.WorkflowService, Method, [0x0a, 0xff, 0x01]));

        failure.StatusCode.ShouldBe(StatusCode.Internal);
        failure.Status.Detail.ShouldContain("unmarshalling");
        await DescribeAsync(channel, "ns", "w");
    }

    [Theory]
    [InlineData("", StatusCode.OK)]
    [InlineData(RawChannel.WorkflowService, StatusCode.OK)]
    [InlineData("no.such.Service", StatusCode.NotFound)]
    public async Task Health_says_serving_for_what_is_served(string service, StatusCode code)
    {
        await using var host = await HostAsync((_, _) => throw new InvalidOperationException("reached"));
        using var channel = new RawChannel(host.Address);
        byte[] request = [0x0a, (byte)service.Length, .. System.Text.Encoding.ASCII.GetBytes(service)];

        var call = channel.SendBytesAsync("grpc.health.v1.Health", "Check", request);

        if (code == StatusCode.OK)
            (await call).ShouldBe([0x08, 0x01]);
        else
            (await Should.ThrowAsync<RpcException>(call)).StatusCode.ShouldBe(code);
    }

    private static Task<TransportHost> HostAsync(
        Func<DescribeWorkflowExecutionRequest, CallContext, Task<DescribeWorkflowExecutionResponse>> handler) => TransportHost.StartAsync(
            new ServiceTable().Add(Method, handler), name => name == "ns", () => [], new TransportOptions(), NullLoggerFactory.Instance, Cancellation);

    private static Task<DescribeWorkflowExecutionResponse> DescribeAsync(
        RawChannel channel, string name, string workflowId, CallOptions options = default) =>
        channel.CallAsync<DescribeWorkflowExecutionRequest, DescribeWorkflowExecutionResponse>(
            Method, new() { Namespace = name, Execution = new() { WorkflowId = workflowId } }, options);
}
