using k8s.Models;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>Judges a cluster as <c>kops validate cluster</c> does, and in its words. Pure.</summary>
internal static class Validation
{
    /// <summary>Pods that run on every node of a control plane, by their label <c>k8s-app</c>; those that a cluster does not have anywhere are not asked for.</summary>
    private static readonly string[] Masters = ["kube-apiserver", "kube-controller-manager", "kube-scheduler", "etcd-manager-main", "etcd-manager-events"];

    /// <summary>Findings; none when the cluster is healthy.</summary>
    /// <param name="view">The cluster.</param>
    /// <param name="tolerate">Worker machines that may be missing or not ready, because they are being replaced. What is wrong with anything else always counts.</param>
    public static IReadOnlyList<string> FindingsOf(ClusterView view, int tolerate = 0)
    {
        if (view.Health.Length > 0)
            return [$"The API server {view.Health}"];

        var findings = new Findings(view);
        foreach (CloudGroup group in view.Groups.Where(g => view.RoleOf(g.InstanceGroup) != InstanceGroupRole.Bastion))
            findings.Look(group);
        foreach (V1Node node in view.Nodes.Where(n => !NodeFacts.IsReady(n)))
            findings.Add(node.Metadata.Name, $"node \"{node.Metadata.Name}\" is not ready");
        foreach (V1Pod pod in view.SystemPods.Where(IsCritical).Where(p => !NodeFacts.IsFinished(p) && !NodeFacts.IsRunning(p)))
            findings.Add(pod.Spec?.NodeName, $"system-critical pod \"{pod.Metadata.Name}\" is not ready");
        foreach (string app in Masters.Where(a => view.SystemPods.Any(p => AppOf(p) == a)))
            findings.LookForMasters(app);
        return findings.Beyond(tolerate);
    }

    private static bool IsCritical(V1Pod pod) => pod.Spec?.PriorityClassName?.StartsWith("system-", StringComparison.Ordinal) == true;

    private static string? AppOf(V1Pod pod) => pod.Metadata.Labels?.TryGetValue("k8s-app", out string? app) == true ? app : null;

    /// <summary>Findings by machine: those of worker machines may be tolerated, machine by machine.</summary>
    private sealed class Findings(ClusterView view)
    {
        private readonly Dictionary<string, V1Node> _byInstance = view.Nodes.GroupBy(NodeFacts.InstanceId).ToDictionary(g => g.Key, g => g.First(), StringComparer.Ordinal);
        private readonly Dictionary<string, InstanceGroupRole> _machines = view.Groups.SelectMany(g => g.Instances.Select(i => (i.Id, Role: view.RoleOf(g.InstanceGroup)))).GroupBy(m => m.Id).ToDictionary(m => m.Key, m => m.First().Role, StringComparer.Ordinal);
        private readonly List<string> _always = [];
        private readonly Dictionary<string, List<string>> _ofWorkers = new(StringComparer.Ordinal);

        public void Look(CloudGroup group)
        {
            bool workers = view.RoleOf(group.InstanceGroup) == InstanceGroupRole.Node;
            for (int missing = group.Instances.Count; missing < group.DesiredCount; missing++)
                Add(workers, $"{group.InstanceGroup} {missing}", $"InstanceGroup \"{group.InstanceGroup}\" did not have enough nodes {group.Instances.Count} vs {group.DesiredCount}");
            foreach (CloudInstance instance in group.Instances.Where(i => !_byInstance.ContainsKey(i.Id)))
                Add(workers, instance.Id, $"machine \"{instance.Id}\" has not yet joined cluster");
        }

        /// <summary>What is wrong on a node, or nowhere.</summary>
        public void Add(string? node, string finding)
        {
            V1Node? known = view.Nodes.FirstOrDefault(n => n.Metadata.Name == node);
            string machine = known is null ? "" : NodeFacts.InstanceId(known);
            // A node whose instance is in no group is being replaced, or was detached: of a control plane there is none such.
            bool worker = known is not null && (_machines.TryGetValue(machine, out InstanceGroupRole role) ? role == InstanceGroupRole.Node : !NodeFacts.IsControlPlane(known));
            Add(worker, machine, finding);
        }

        /// <summary>Every node of the control plane must have a ready pod of an application.</summary>
        public void LookForMasters(string app)
        {
            foreach (V1Node node in view.Nodes.Where(n => _machines.GetValueOrDefault(NodeFacts.InstanceId(n), InstanceGroupRole.Node) == InstanceGroupRole.ControlPlane))
                if (!view.SystemPods.Any(p => AppOf(p) == app && p.Spec?.NodeName == node.Metadata.Name && NodeFacts.IsRunning(p)))
                    _always.Add($"control-plane node \"{node.Metadata.Name}\" is missing a ready pod of {app}");
        }

        public List<string> Beyond(int tolerate) => _ofWorkers.Count <= tolerate ? _always : [.. _always, .. _ofWorkers.Values.SelectMany(f => f)];

        private void Add(bool worker, string machine, string finding)
        {
            if (!worker)
                _always.Add(finding);
            else if (_ofWorkers.TryGetValue(machine, out List<string>? known))
                known.Add(finding);
            else
                _ofWorkers[machine] = [finding];
        }
    }
}
