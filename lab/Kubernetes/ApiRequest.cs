using Microsoft.AspNetCore.Http;

namespace Rotation.Lab.Kubernetes;

/// <summary>A request path taken apart: <c>/api/v1/namespaces/NS/RESOURCE/NAME/SUBRESOURCE</c> and its kin.</summary>
internal sealed record ApiRequest(ResourceKind Resource, string? Namespace, string? Name, string? Subresource)
{
    public static ApiRequest? Parse(PathString path)
    {
        var parts = (path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        var (group, rest) = parts switch
        {
            ["api", "v1", .. var tail] => ("", tail),
            ["apis", var named, _, .. var tail] => (named, tail),
            _ => ("", []),
        };
        string? ns = null;
        // "namespaces/NAME" alone, or with its own subresources, is the namespace itself.
        if (rest is ["namespaces", var inside, _, ..] && ResourceKind.Find(group, rest[2]) is not null)
        {
            ns = inside;
            rest = rest[2..];
        }

        if (rest.Length is 0 or > 3 || ResourceKind.Find(group, rest[0]) is not { } resource)
            return null;
        return new ApiRequest(resource, ns, rest.ElementAtOrDefault(1), rest.ElementAtOrDefault(2));
    }
}
