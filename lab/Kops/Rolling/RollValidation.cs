using System.Text.Json.Nodes;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>One thing that keeps a cluster from validating.</summary>
/// <param name="Message">In kops' words.</param>
/// <param name="Group">Instance group that it belongs to; null: the whole cluster.</param>
internal sealed record RollFinding(string Message, RolledGroup? Group)
{
    /// <summary>Whether it stops a roll of that group: findings of other worker groups do not.</summary>
    public bool Concerns(RolledGroup group) => Group is null || Group.IsControlPlane || Group.Name == group.Name;
}

/// <summary>What <c>kops validate cluster</c> looks at: sizes of groups, machines that joined, nodes that are ready, system pods, static pods of the control plane.</summary>
internal static class RollValidation
{
    private static readonly string[] StaticPods = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];

    public static IReadOnlyList<RollFinding> Of(IReadOnlyList<RolledGroup> groups, IReadOnlyList<JsonObject> pods)
    {
        Dictionary<string, RolledGroup> groupOf = [];
        HashSet<string> readyControlPlane = [];
        List<RollFinding> findings = [];
        foreach (RolledGroup group in groups)
        {
            int attached = group.Instances.Count(i => !i.Detached);
            if (attached < group.TargetSize)
                findings.Add(new($"InstanceGroup \"{group.Name}\" did not have enough nodes {attached} vs {group.TargetSize}", group));
            foreach (RolledInstance instance in group.Instances)
            {
                if (instance.Node is null && !group.IsBastion && !instance.Detached)
                    findings.Add(new($"machine \"{instance.Id}\" has not yet joined cluster", group));
                if (instance.Node is null)
                    continue;
                groupOf[instance.NodeName] = group;
                if (!IsReady(instance.Node))
                    findings.Add(new($"node \"{instance.NodeName}\" of role \"{Lower(group)}\" is not ready", group));
                else if (group.IsControlPlane)
                    readyControlPlane.Add(instance.NodeName);
            }
        }

        findings.AddRange(pods.Select(p => OfPod(p, groupOf)).OfType<RollFinding>());
        findings.AddRange(from node in readyControlPlane
                          from app in StaticPods
                          where !pods.Any(p => NodeOf(p) == node && $"{p["metadata"]?["labels"]?["k8s-app"]}" == app)
                          select new RollFinding($"control-plane node \"{node}\" is missing {app} pod", groupOf[node]));
        return findings;
    }

    private static RollFinding? OfPod(JsonObject pod, Dictionary<string, RolledGroup> groupOf)
    {
        string priority = $"{pod["spec"]?["priorityClassName"]}";
        if (priority is not ("system-cluster-critical" or "system-node-critical"))
            return null;
        RolledGroup? group = priority == "system-node-critical" ? groupOf.GetValueOrDefault(NodeOf(pod)) : null;
        string name = $"{priority} pod \"{pod["metadata"]!["name"]}\"";
        if ($"{pod["status"]?["phase"]}" == "Pending")
            return new($"{name} is pending", group);
        string[] waiting = [.. (pod["status"]?["containerStatuses"] as JsonArray ?? []).Where(c => $"{c!["ready"]}" != "true").Select(c => $"{c!["name"]}")];
        return waiting.Length > 0 ? new($"{name} is not ready ({string.Join(',', waiting)})", group) : null;
    }

    private static bool IsReady(JsonObject node) => (node["status"]?["conditions"] as JsonArray ?? []).Any(c => $"{c!["type"]}" == "Ready" && $"{c["status"]}" == "True");

    private static string NodeOf(JsonObject pod) => $"{pod["spec"]?["nodeName"]}";

    private static string Lower(RolledGroup group) => group.IsControlPlane ? "control-plane" : group.Role.ToLowerInvariant();
}
