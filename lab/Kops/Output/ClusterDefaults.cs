using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Output;

/// <summary>What kops 1.26 takes for said when a stored cluster of the version <c>v1alpha2</c> does not say it.</summary>
internal static class ClusterDefaults
{
    private const string Public = "public";

    /// <summary>Fills in what is not there.</summary>
    public static void Set(JsonObject spec)
    {
        JsonObject topology = Below(spec, "topology");
        topology["masters"] ??= Public;
        topology["nodes"] ??= Public;
        Below(topology, "dns")["type"] ??= "Public";
        SetApi(spec, $"{topology["masters"]}" == Public);
        JsonObject authorization = Below(spec, "authorization");
        if (authorization.Count == 0)
            authorization["alwaysAllow"] = new JsonObject();
    }

    private static void SetApi(JsonObject spec, bool isPublic)
    {
        if ($"{spec["cloudProvider"]}" == "openstack")
            return;
        JsonObject api = Below(spec, "api");
        if (api["dns"] is null && api["loadBalancer"] is null)
            api[isPublic ? "dns" : "loadBalancer"] = new JsonObject();
        if (api["loadBalancer"] is not JsonObject balancer)
            return;
        balancer["type"] ??= "Public";
        if ($"{spec["cloudProvider"]}" == "aws")
            balancer["class"] ??= "Classic";
    }

    private static JsonObject Below(JsonObject map, string name)
    {
        if (map[name] is not JsonObject found)
            map[name] = found = new JsonObject();
        return found;
    }
}
