using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Rotation.DevServer.Transport;

/// <summary>A method with its handler; knows its own message types so that the table need not.</summary>
internal interface IBoundMethod
{
    /// <summary>Makes the method callable over gRPC; each call goes through <paramref name="gate"/>.</summary>
    void Publish(ServiceMethodProviderContext<RpcEndpoint> context, CallGate gate);
}

/// <inheritdoc />
internal sealed class BoundMethod<TRequest, TResponse>(
    RpcMethod rpc, Func<TRequest, CallContext, Task<TResponse>> handler) : IBoundMethod
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public void Publish(ServiceMethodProviderContext<RpcEndpoint> context, CallGate gate)
    {
        var method = new Method<TRequest, TResponse>(
            MethodType.Unary, rpc.Service, rpc.Name, Marshalling.Of<TRequest>(), Marshalling.Of<TResponse>());
        var namespaceRule = new NamespaceRule<TRequest>(rpc);
        context.AddUnaryMethod(method, [], (_, request, call) =>
            gate.AnswerAsync(rpc.Name, call, namespaceRule.NameIn(request), ctx => handler(request, ctx)));
    }
}
