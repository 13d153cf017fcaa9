using System.Reflection;
using Temporalio.Client;

namespace Rotation.DevServer.Transport;

/// <summary>One call of a published service, named as on the wire.</summary>
internal sealed record RpcMethod(string Service, string Name, Type Request, Type Response)
{
    /// <summary>
    /// Every call any Temporal client, worker or tool may make, as the SDK's own client classes tell. They say the same as the services' descriptors, of which the first
    /// touch costs most of a start.
    /// </summary>
    public static readonly IReadOnlyList<RpcMethod> All =
    [
        .. Of(typeof(WorkflowService), "temporal.api.workflowservice.v1.WorkflowService"),
        .. Of(typeof(OperatorService), "temporal.api.operatorservice.v1.OperatorService"),
        .. Of(typeof(TestService), "temporal.api.testservice.v1.TestService"),
    ];

    private const string Suffix = "Async";

    /// <summary>Service and name, for example <c>temporal.api.workflowservice.v1.WorkflowService.GetSystemInfo</c>.</summary>
    public string FullName => $"{Service}.{Name}";

    private static IEnumerable<RpcMethod> Of(Type client, string service) => client
        .GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
        .Where(m => m.Name.EndsWith(Suffix, StringComparison.Ordinal) && m.ReturnType.IsGenericType)
        .Select(m => new RpcMethod(service, m.Name[..^Suffix.Length], m.GetParameters()[0].ParameterType, m.ReturnType.GetGenericArguments()[0]));
}
