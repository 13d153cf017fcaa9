using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace Rotation.Tests.DevServer.Transport;

/// <summary>A bare gRPC client: sends any message, or any bytes, to any method.</summary>
internal sealed class RawChannel(string address) : IDisposable
{
    public const string WorkflowService = "temporal.api.workflowservice.v1.WorkflowService";

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions { MaxReceiveMessageSize = null });

    public Task<TResponse> CallAsync<TRequest, TResponse>(string method, TRequest request, CallOptions options = default)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>, new() => UnaryAsync(
            WorkflowService,
            method,
            request,
            Marshallers.Create<TRequest>(m => m.ToByteArray(), _ => throw new NotSupportedException()),
            Marshallers.Create<TResponse>(_ => throw new NotSupportedException(), new MessageParser<TResponse>(() => new TResponse()).ParseFrom),
            options);

    public Task<byte[]> SendBytesAsync(string service, string method, byte[] request, CallOptions options = default)
    {
        var bytes = Marshallers.Create<byte[]>(b => b, b => b);
        return UnaryAsync(service, method, request, bytes, bytes, options);
    }

    public void Dispose() => _channel.Dispose();

    private async Task<TResponse> UnaryAsync<TRequest, TResponse>(
        string service, string name, TRequest request, Marshaller<TRequest> write, Marshaller<TResponse> read, CallOptions options)
        where TRequest : class
        where TResponse : class
    {
        var method = new Method<TRequest, TResponse>(MethodType.Unary, service, name, write, read);
        using var call = _channel.CreateCallInvoker().AsyncUnaryCall(method, null, options, request);
        return await call;
    }
}
