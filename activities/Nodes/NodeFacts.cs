using k8s.Models;

namespace Rotation.Activities.Nodes;

/// <summary>What we read off node and pod objects.</summary>
internal static class NodeFacts
{
    /// <summary>Instance id behind a node: the last part of <c>spec.providerID</c>, such as <c>aws:///us-east-1a/i-0abc</c>.</summary>
    public static string InstanceId(V1Node node) => node.Spec?.ProviderID?.Split('/')[^1] ?? "";

    /// <summary>True when the kubelet says that it is ready.</summary>
    public static bool IsReady(V1Node node) => node.Status?.Conditions?.Any(c => c.Type == "Ready" && c.Status == "True") == true;

    /// <summary>True for a pod that a drain leaves alone: a DaemonSet would start it again, a static manifest cannot be evicted.</summary>
    public static bool StaysOnDrain(V1Pod pod) =>
        IsMirror(pod) || pod.Metadata.OwnerReferences?.Any(o => o.Controller == true && o.Kind == "DaemonSet") == true;

    /// <summary>True for the image of a static manifest, which the API cannot delete.</summary>
    public static bool IsMirror(V1Pod pod) => pod.Metadata.Annotations?.ContainsKey("kubernetes.io/config.mirror") == true;

    /// <summary>True for a pod that has run to its end.</summary>
    public static bool IsFinished(V1Pod pod) => pod.Status?.Phase is "Succeeded" or "Failed";

    /// <summary>True when every container is ready.</summary>
    public static bool IsRunning(V1Pod pod) => pod.Status?.Phase == "Running" && pod.Status.ContainerStatuses?.All(c => c.Ready) != false;

    /// <summary>True for a node of the control plane.</summary>
    public static bool IsControlPlane(V1Node node) => node.Metadata.Labels?.Keys.Any(l => l is "node-role.kubernetes.io/control-plane" or "node-role.kubernetes.io/master") == true;

    /// <summary>True for a node that runs an API server: one of the control plane, or one of a group of the role <c>APIServer</c>.</summary>
    public static bool ServesApi(V1Node node) => IsControlPlane(node) || node.Metadata.Labels?.ContainsKey("node-role.kubernetes.io/api-server") == true;

    /// <summary>True when we keep cluster-autoscaler from scaling it down.</summary>
    public static bool IsHeldByUs(V1Node node) => node.Metadata.Annotations?.ContainsKey(NodeMarks.HeldByUs) == true;

    /// <summary>What tells a pod from another of its name.</summary>
    public static string KeyOf(V1Pod pod) => pod.Metadata.Uid ?? NameOf(pod);

    /// <summary>Namespace and name.</summary>
    public static string NameOf(V1Pod pod) => $"{pod.Metadata.NamespaceProperty}/{pod.Metadata.Name}";
}
