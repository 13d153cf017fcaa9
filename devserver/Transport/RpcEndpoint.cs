using Grpc.AspNetCore.Server.Model;
using Grpc.Core;

namespace Rotation.DevServer.Transport;

/// <summary>The type Grpc.AspNetCore maps our hand-bound methods to; it has no state and no members.</summary>
internal sealed class RpcEndpoint;

/// <summary>Publishes every method of every service: handled ones with their handler, the rest as UNIMPLEMENTED with a clear word.</summary>
internal sealed class RpcEndpointMethods(ServiceTable table, CallGate gate) : IServiceMethodProvider<RpcEndpoint>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<RpcEndpoint> context)
    {
        foreach (var method in RpcMethod.All)
        {
            if (table.Find(method) is { } bound)
                bound.Publish(context, gate);
            else
                PublishRefusal(context, method.Service, method.Name);
        }
        HealthMethods.Publish(context);
    }

    private static void PublishRefusal(ServiceMethodProviderContext<RpcEndpoint> context, string service, string name)
    {
        var method = new Method<byte[], byte[]>(MethodType.Unary, service, name, Marshalling.Bytes, Marshalling.Bytes);
        context.AddUnaryMethod(method, [], (_, _, _) =>
            Task.FromException<byte[]>(Failures.Unimplemented(service, name).ToRpcException()));
    }
}
