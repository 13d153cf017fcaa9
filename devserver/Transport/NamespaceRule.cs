using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Rotation.DevServer.Transport;

/// <summary>
/// Where a request names its namespace and whether it must. Requests that carry a task token may leave it empty (the token
/// says it), and so may the operator's; those that look namespaces up answer for themselves.
/// </summary>
internal sealed class NamespaceRule
{
    private static readonly string[] LookUps = ["DescribeNamespace", "RegisterNamespace", "UpdateNamespace", "DeprecateNamespace", "DeleteNamespace"];

    private readonly IFieldAccessor? _field;
    private readonly bool _required;

    private NamespaceRule(IFieldAccessor? field, bool required)
    {
        _field = field;
        _required = required;
    }

    public static NamespaceRule For(MethodDescriptor method)
    {
        var field = method.InputType.FindFieldByName("namespace");
        if (field is not { FieldType: FieldType.String } || LookUps.Contains(method.Name, StringComparer.Ordinal))
            return new NamespaceRule(null, required: false);
        var optional = method.InputType.FindFieldByName("task_token") is not null
            || method.Service.Name == "OperatorService";
        return new NamespaceRule(field.Accessor, !optional);
    }

    /// <summary>The namespace to check, or null when there is none to check. Throws INVALID_ARGUMENT when it must be given and is not.</summary>
    public string? NameIn(IMessage request)
    {
        if (_field is null)
            return null;
        var name = (string)_field.GetValue(request);
        if (name.Length > 0)
            return name;
        return _required ? "" : null;
    }
}
