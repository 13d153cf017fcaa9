using k8s.Models;
using Rotation.Activities.Nodes;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>Sums of what pods ask for and nodes offer. A sum, not a packing: when it does not fit here it fits nowhere.</summary>
internal static class Resources
{
    /// <summary>The resources that are summed.</summary>
    public static readonly string[] Names = ["cpu", "memory"];

    /// <summary>True when the pods of the worker node with most requests fit on the other workers together.</summary>
    public static bool FitsWithoutLargest(KubernetesFacts facts, string resource)
    {
        V1Node[] workers = [.. facts.Nodes.Where(n => n.Spec?.Unschedulable != true && n.Spec?.Taints is null or { Count: 0 })];
        if (workers.Length < 2)
            return false;
        Dictionary<string, decimal> asked = workers.ToDictionary(n => n.Metadata.Name, n => facts.Pods.Where(p => p.Spec?.NodeName == n.Metadata.Name && !NodeFacts.IsFinished(p) && !NodeFacts.StaysOnDrain(p)).Sum(p => Requested(p, resource)));
        V1Node largest = workers.MaxBy(n => asked[n.Metadata.Name])!;
        decimal free = workers.Where(n => n != largest).Sum(n => Offered(n, resource) - facts.Pods.Where(p => p.Spec?.NodeName == n.Metadata.Name && !NodeFacts.IsFinished(p)).Sum(p => Requested(p, resource)));
        return asked[largest.Metadata.Name] <= free;
    }

    private static decimal Offered(V1Node node, string resource) => node.Status?.Allocatable?.TryGetValue(resource, out ResourceQuantity? quantity) == true ? quantity.ToDecimal() : 0;

    private static decimal Requested(V1Pod pod, string resource) => (pod.Spec?.Containers ?? []).Sum(c => c.Resources?.Requests?.TryGetValue(resource, out ResourceQuantity? quantity) == true ? quantity.ToDecimal() : 0);
}
