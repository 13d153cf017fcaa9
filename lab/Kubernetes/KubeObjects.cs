using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Kubernetes;

/// <summary>Making and reading the objects that the lab's own controllers keep.</summary>
internal static class KubeObjects
{
    public static bool IsNodeReady(KubeObject node) => Condition(node, "Ready") == "True";
    /// <summary>Whether a node has a taint that keeps pods away; one that only says to prefer others does not.</summary>
    public static bool Repels(KubeObject node) => node.At("spec", "taints") is JsonArray taints && taints.Any(t => t?["effect"]?.ToString() != "PreferNoSchedule");


    public static bool IsCordoned(KubeObject node) => node.Text("spec", "unschedulable") == "true";

    public static bool IsPodReady(KubeObject pod) => Condition(pod, "Ready") == "True" && pod.Text("metadata", "deletionTimestamp") is null;

    public static string? NodeOf(KubeObject pod) => pod.Text("spec", "nodeName");

    /// <summary>Owner as <c>Kind/namespace/name</c>, or null for a bare pod.</summary>
    public static string? OwnerOf(KubeObject pod) =>
        pod.At("metadata", "ownerReferences") is JsonArray { Count: > 0 } owners ? $"{owners[0]!["kind"]}/{pod.Namespace}/{owners[0]!["name"]}" : null;

    public static string? Condition(KubeObject target, string type) =>
        target.At("status", "conditions") is JsonArray list ? list.FirstOrDefault(c => c!["type"]?.ToString() == type)?["status"]?.ToString() : null;

    public static JsonObject Conditions(string type, bool value, string reason)
    {
        var now = KubeStore.Timestamp(DateTimeOffset.UtcNow);
        return new JsonObject
        {
            ["type"] = type,
            ["status"] = value ? "True" : "False",
            ["reason"] = reason,
            ["lastHeartbeatTime"] = now,
            ["lastTransitionTime"] = now,
        };
    }

    public static JsonObject Named(string apiVersion, string kind, string? ns, string name)
    {
        var metadata = new JsonObject { ["name"] = name };
        if (ns is not null)
            metadata["namespace"] = ns;
        return new JsonObject { ["apiVersion"] = apiVersion, ["kind"] = kind, ["metadata"] = metadata };
    }

    public static JsonObject Node(Instance instance, int kubeletPort, string kubernetesVersion)
    {
        var role = instance.Group.Role == GroupRole.ControlPlane ? "control-plane" : "node";
        var node = Named("v1", "Node", null, instance.Id);
        node["metadata"]!["labels"] = new JsonObject
        {
            ["kops.k8s.io/instancegroup"] = instance.Group.Name,
            ["kubernetes.io/hostname"] = instance.Id,
            ["kubernetes.io/os"] = "linux",
            ["kubernetes.io/arch"] = "amd64",
            ["topology.kubernetes.io/zone"] = instance.Zone,
            ["topology.kubernetes.io/region"] = instance.Zone[..^1],
            [$"node-role.kubernetes.io/{role}"] = "",
        };
        node["spec"] = new JsonObject { ["providerID"] = $"aws:///{instance.Zone}/{instance.Id}" };
        if (instance.Group.Role == GroupRole.ControlPlane)
            node["spec"]!["taints"] = new JsonArray(new JsonObject { ["key"] = "node-role.kubernetes.io/control-plane", ["effect"] = "NoSchedule" });
        node["status"] = new JsonObject
        {
            ["conditions"] = new JsonArray(Conditions("Ready", true, "KubeletReady"), Conditions("DiskPressure", false, "KubeletHasNoDiskPressure")),
            ["addresses"] = new JsonArray(
                new JsonObject { ["type"] = "InternalIP", ["address"] = "127.0.0.1" },
                new JsonObject { ["type"] = "Hostname", ["address"] = instance.Id }),
            ["daemonEndpoints"] = new JsonObject { ["kubeletEndpoint"] = new JsonObject { ["Port"] = kubeletPort } },
            ["nodeInfo"] = new JsonObject { ["kubeletVersion"] = "v" + kubernetesVersion.TrimStart('v'), ["operatingSystem"] = "linux", ["architecture"] = "amd64" },
            ["capacity"] = new JsonObject { ["cpu"] = "2", ["memory"] = "4Gi", ["pods"] = "110" },
        };
        return node;
    }
}
