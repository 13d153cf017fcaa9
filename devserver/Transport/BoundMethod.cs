using Google.Protobuf;
using Google.Protobuf.Reflection;
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
    MethodDescriptor descriptor, Func<TRequest, CallContext, Task<TResponse>> handler) : IBoundMethod
    where TRequest : class, IMessage<TRequest>, new()
    where TResponse : class, IMessage<TResponse>, new()
{
    public void Publish(ServiceMethodProviderContext<RpcEndpoint> context, CallGate gate)
    {
        var method = new Method<TRequest, TResponse>(
            MethodType.Unary, descriptor.Service.FullName, descriptor.Name, Marshalling.Of<TRequest>(), Marshalling.Of<TResponse>());
        var namespaceRule = NamespaceRule.For(descriptor);
        context.AddUnaryMethod(method, [], (_, request, call) =>
            gate.AnswerAsync(descriptor.Name, call, namespaceRule.NameIn(request), ctx => handler(request, ctx)));
    }
}
