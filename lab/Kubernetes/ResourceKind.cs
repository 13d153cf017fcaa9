namespace Rotation.Lab.Kubernetes;

/// <summary>A resource that the lab's API serves.</summary>
internal sealed record ResourceKind(string Group, string Version, string Plural, string Kind, bool Namespaced, params string[] ShortNames)
{
    public static readonly ResourceKind[] All =
    [
        new("", "v1", "nodes", "Node", false, "no"),
        new("", "v1", "pods", "Pod", true, "po"),
        new("", "v1", "namespaces", "Namespace", false, "ns"),
        new("", "v1", "secrets", "Secret", true),
        new("", "v1", "configmaps", "ConfigMap", true, "cm"),
        new("", "v1", "serviceaccounts", "ServiceAccount", true, "sa"),
        new("", "v1", "services", "Service", true, "svc"),
        new("", "v1", "endpoints", "Endpoints", true, "ep"),
        new("", "v1", "events", "Event", true, "ev"),
        new("apps", "v1", "deployments", "Deployment", true, "deploy"),
        new("apps", "v1", "replicasets", "ReplicaSet", true, "rs"),
        new("apps", "v1", "statefulsets", "StatefulSet", true, "sts"),
        new("apps", "v1", "daemonsets", "DaemonSet", true, "ds"),
        new("policy", "v1", "poddisruptionbudgets", "PodDisruptionBudget", true, "pdb"),
        new("storage.k8s.io", "v1", "volumeattachments", "VolumeAttachment", false),
        new("coordination.k8s.io", "v1", "leases", "Lease", true),
    ];

    public string ApiVersion => Group.Length == 0 ? Version : $"{Group}/{Version}";

    public static ResourceKind? Find(string group, string plural) => All.FirstOrDefault(r => r.Group == group && r.Plural == plural);
}
