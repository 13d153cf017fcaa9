using System.Text.Json.Nodes;

namespace Rotation.Lab.Kubernetes;

/// <summary>What <c>/version</c>, <c>/api</c> and <c>/apis</c> answer: enough for kubectl to find its resources.</summary>
internal static class Discovery
{
    public static JsonObject? Answer(string path, string kubernetesVersion) => path.Trim('/').Split('/') switch
    {
        ["version"] => Version(kubernetesVersion),
        ["api"] => new JsonObject { ["kind"] = "APIVersions", ["versions"] = new JsonArray("v1"), ["serverAddressByClientCIDRs"] = new JsonArray() },
        ["apis"] => Groups(),
        ["api", "v1"] => Resources("", "v1"),
        ["apis", var group, "v1"] when ResourceKind.All.Any(r => r.Group == group) => Resources(group, "v1"),
        _ => null,
    };

    private static JsonObject Version(string version)
    {
        var parts = version.TrimStart('v').Split('.');
        return new JsonObject
        {
            ["major"] = parts[0],
            ["minor"] = parts[1],
            ["gitVersion"] = "v" + version.TrimStart('v'),
            ["gitTreeState"] = "clean",
            ["platform"] = "linux/amd64",
        };
    }

    private static JsonObject Groups() => new()
    {
        ["kind"] = "APIGroupList",
        ["apiVersion"] = "v1",
        ["groups"] = new JsonArray([.. ResourceKind.All.Select(r => r.Group).Where(g => g.Length > 0).Distinct().Select(Group)]),
    };

    private static JsonObject Group(string name)
    {
        var version = new JsonObject { ["groupVersion"] = $"{name}/v1", ["version"] = "v1" };
        return new JsonObject { ["name"] = name, ["versions"] = new JsonArray(version), ["preferredVersion"] = version.DeepClone() };
    }

    private static JsonObject Resources(string group, string version)
    {
        var resources = ResourceKind.All.Where(r => r.Group == group).SelectMany(Entries).ToArray<JsonNode>();
        return new JsonObject
        {
            ["kind"] = "APIResourceList",
            ["apiVersion"] = "v1",
            ["groupVersion"] = group.Length == 0 ? version : $"{group}/{version}",
            ["resources"] = new JsonArray(resources),
        };
    }

    private static IEnumerable<JsonObject> Entries(ResourceKind resource)
    {
        yield return Entry(resource, resource.Plural, resource.Kind, "create", "delete", "get", "list", "patch", "update", "watch");
        if (resource.Plural == "pods")
        {
            var eviction = Entry(resource, "pods/eviction", "Eviction", "create");
            eviction["group"] = "policy";
            eviction["version"] = "v1";
            yield return eviction;
        }

        if (resource.Plural == "serviceaccounts")
        {
            var token = Entry(resource, "serviceaccounts/token", "TokenRequest", "create");
            token["group"] = "authentication.k8s.io";
            token["version"] = "v1";
            yield return token;
        }
    }

    private static JsonObject Entry(ResourceKind resource, string name, string kind, params string[] verbs)
    {
        var entry = new JsonObject
        {
            ["name"] = name,
            ["singularName"] = name.Contains('/', StringComparison.Ordinal) ? "" : kind.ToLowerInvariant(),
            ["namespaced"] = resource.Namespaced,
            ["kind"] = kind,
            ["verbs"] = new JsonArray([.. verbs.Select(v => (JsonNode)v)]),
        };
        if (!name.Contains('/', StringComparison.Ordinal) && resource.ShortNames.Length > 0)
            entry["shortNames"] = new JsonArray([.. resource.ShortNames.Select(s => (JsonNode)s)]);
        return entry;
    }
}
