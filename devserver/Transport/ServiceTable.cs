using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Rotation.DevServer.Transport;

/// <summary>
/// Which handler answers which method of the published services. A handler is checked against the SDK's own when it is added,
/// so a wrong name or type fails at start and not at the first call. Filled before the port opens, read-only afterwards.
/// </summary>
internal sealed class ServiceTable
{
    /// <summary>The published services' descriptors, for reflection. Costs a fifth of a second: not needed to answer calls.</summary>
    public static IEnumerable<ServiceDescriptor> Descriptors =>
    [
        .. Temporalio.Api.WorkflowService.V1.ServiceReflection.Descriptor.Services,
        .. Temporalio.Api.OperatorService.V1.ServiceReflection.Descriptor.Services,
        .. Temporalio.Api.TestService.V1.ServiceReflection.Descriptor.Services,
    ];

    private readonly Dictionary<string, IBoundMethod> _bound = new(StringComparer.Ordinal);

    /// <summary>
    /// Binds <paramref name="method"/> (short name, unique over all services) to <paramref name="handler"/>. Throws
    /// <see cref="ArgumentException"/> when no service has it, its types differ, or it is bound already.
    /// </summary>
    public ServiceTable Add<TRequest, TResponse>(string method, Func<TRequest, CallContext, Task<TResponse>> handler)
        where TRequest : class, IMessage<TRequest>, new()
        where TResponse : class, IMessage<TResponse>, new()
    {
        var rpc = RpcMethod.All.SingleOrDefault(m => m.Name == method)
            ?? throw new ArgumentException($"No service has a method '{method}'.", nameof(method));
        if (rpc.Request != typeof(TRequest) || rpc.Response != typeof(TResponse))
            throw new ArgumentException($"'{method}' takes {rpc.Request.Name} and gives {rpc.Response.Name}.", nameof(handler));
        if (!_bound.TryAdd(rpc.FullName, new BoundMethod<TRequest, TResponse>(rpc, handler)))
            throw new ArgumentException($"'{method}' has a handler already.", nameof(method));
        return this;
    }

    /// <summary>The handler of a method, or null when the server does not implement it.</summary>
    public IBoundMethod? Find(RpcMethod method) => _bound.GetValueOrDefault(method.FullName);
}
