namespace Rotation.DevServer.Transport;

/// <summary>
/// Where a request names its namespace and whether it must. Requests that carry a task token may leave it empty (the token
/// says it), and so may the operator's; those that look namespaces up answer for themselves.
/// </summary>
internal sealed class NamespaceRule<TRequest>
{
    private static readonly string[] LookUps = ["DescribeNamespace", "RegisterNamespace", "UpdateNamespace", "DeprecateNamespace", "DeleteNamespace"];

    private readonly Func<TRequest, string>? _name;
    private readonly bool _required;

    public NamespaceRule(RpcMethod method)
    {
        if (LookUps.Contains(method.Name, StringComparer.Ordinal) || typeof(TRequest).GetProperty("Namespace") is not { } property)
            return;
        _name = property.PropertyType == typeof(string) ? property.GetMethod?.CreateDelegate<Func<TRequest, string>>() : null;
        _required = typeof(TRequest).GetProperty("TaskToken") is null && !method.Service.EndsWith("OperatorService", StringComparison.Ordinal);
    }

    /// <summary>The namespace to check, or null when there is none to check; empty when it must be given and is not.</summary>
    public string? NameIn(TRequest request)
    {
        var name = _name?.Invoke(request);
        return name is { Length: 0 } && !_required ? null : name;
    }
}
