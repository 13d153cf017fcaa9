using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Rotation.Lab.Kubernetes;

namespace Rotation.Lab.Cluster;

/// <summary>What the kubelets of both roles share.</summary>
internal static class Kubelet
{
    public static X509Certificate2 Issue(Authority authority, string node) =>
        authority.Issue($"system:node:{node}", "system:nodes", [node], loopback: true);

    /// <summary>The mirror object of a static pod.</summary>
    public static void Mirror(LabWorld world, string node, string component)
    {
        var pod = KubeObjects.Named("v1", "Pod", "kube-system", $"{component}-{node}");
        pod["metadata"]!["annotations"] = new JsonObject { ["kubernetes.io/config.mirror"] = "static" };
        pod["metadata"]!["labels"] = new JsonObject { ["k8s-app"] = component };
        pod["metadata"]!["ownerReferences"] = new JsonArray(new JsonObject
        {
            ["apiVersion"] = "v1",
            ["kind"] = "Node",
            ["name"] = node,
            ["uid"] = node,
            ["controller"] = true,
        });
        pod["spec"] = new JsonObject
        {
            ["nodeName"] = node,
            ["priorityClassName"] = "system-node-critical",
            ["containers"] = new JsonArray(new JsonObject { ["name"] = component }),
        };
        Scheduler.Ready(pod);
        world.Store.Create("pods", pod);
    }
}
