using System.Text.Json.Nodes;

namespace Rotation.Lab.Kubernetes;

/// <summary>The <c>Table</c> form that kubectl asks for to print rows.</summary>
internal static class Tables
{
    public static JsonObject Of(ResourceKind resource, IEnumerable<KubeObject> items, long version)
    {
        var columns = Columns(resource.Kind);
        return new JsonObject
        {
            ["kind"] = "Table",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = new JsonObject { ["resourceVersion"] = version.ToString() },
            ["columnDefinitions"] = new JsonArray([.. columns.Select(c => new JsonObject
            {
                ["name"] = c.Name, ["type"] = "string", ["format"] = c.Name == "Name" ? "name" : "", ["description"] = "", ["priority"] = 0,
            })]),
            ["rows"] = new JsonArray([.. items.Select(o => Row(o, columns))]),
        };
    }

    private static JsonObject Row(KubeObject item, (string Name, Func<KubeObject, string> Cell)[] columns) => new()
    {
        ["cells"] = new JsonArray([.. columns.Select(c => (JsonNode)c.Cell(item))]),
        ["object"] = new JsonObject
        {
            ["kind"] = "PartialObjectMetadata",
            ["apiVersion"] = "meta.k8s.io/v1",
            ["metadata"] = item.At("metadata")!.DeepClone(),
        },
    };

    private static (string Name, Func<KubeObject, string> Cell)[] Columns(string kind) => kind switch
    {
        "Node" => [("Name", o => o.Name), ("Status", NodeStatus), ("Roles", Roles), ("Age", Age), ("Version", o => o.Text("status", "nodeInfo", "kubeletVersion") ?? "")],
        "Pod" => [("Name", o => o.Name), ("Ready", o => KubeObjects.IsPodReady(o) ? "1/1" : "0/1"), ("Status", PodStatus), ("Restarts", _ => "0"), ("Age", Age), ("Node", o => o.Text("spec", "nodeName") ?? "<none>")],
        "PodDisruptionBudget" => [("Name", o => o.Name), ("Min Available", o => o.Text("spec", "minAvailable") ?? "N/A"), ("Max Unavailable", o => o.Text("spec", "maxUnavailable") ?? "N/A"), ("Allowed Disruptions", o => o.Text("status", "disruptionsAllowed") ?? "0"), ("Age", Age)],
        _ => [("Name", o => o.Name), ("Age", Age)],
    };

    private static string NodeStatus(KubeObject node) =>
        (KubeObjects.IsNodeReady(node) ? "Ready" : "NotReady") + (KubeObjects.IsCordoned(node) ? ",SchedulingDisabled" : "");

    private static string PodStatus(KubeObject pod) =>
        pod.Text("metadata", "deletionTimestamp") is not null ? "Terminating" : pod.Text("status", "phase") ?? "Unknown";

    private static string Roles(KubeObject node)
    {
        const string Prefix = "node-role.kubernetes.io/";
        var labels = node.At("metadata", "labels") as JsonObject ?? [];
        return string.Join(',', labels.Where(l => l.Key.StartsWith(Prefix, StringComparison.Ordinal)).Select(l => l.Key[Prefix.Length..]));
    }

    private static string Age(KubeObject item) =>
        DateTimeOffset.TryParse(item.Text("metadata", "creationTimestamp"), out var created) ? $"{(DateTimeOffset.UtcNow - created).TotalSeconds:F0}s" : "<unknown>";
}
