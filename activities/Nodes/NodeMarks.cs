using System.Text.Json;
using System.Text.Json.Nodes;
using k8s;
using k8s.Models;

namespace Rotation.Activities.Nodes;

/// <summary>What a roll marks nodes with, and the patches that do so. What we set we note, so that only that is taken back.</summary>
internal static class NodeMarks
{
    /// <summary>Label that takes a node out of the load balancers of services, as kops sets it before a drain.</summary>
    internal const string ExcludeFromBalancers = "node.kubernetes.io/exclude-from-external-load-balancers";

    /// <summary>Annotation that cluster-autoscaler honours.</summary>
    internal const string ScaleDownDisabled = "cluster-autoscaler.kubernetes.io/scale-down-disabled";

    /// <summary>Our note that we set <see cref="ScaleDownDisabled"/>.</summary>
    internal const string HeldByUs = "rotation/holds-scale-down";

    /// <summary>Our note of what <see cref="Cordon"/> set.</summary>
    internal const string CordonedByUs = "rotation/cordoned";

    /// <summary>kops' taint of nodes that need the update: pods rather go elsewhere.</summary>
    internal const string ScheduledForUpdate = "kops.k8s.io/scheduled-for-update";

    private const string Cordoned = "cordon";
    private const string Excluded = "label";

    public static V1Patch HoldScaleDown => Annotate(new() { [ScaleDownDisabled] = "true", [HeldByUs] = "true" });

    public static V1Patch ReleaseScaleDown => Annotate(new() { [ScaleDownDisabled] = null, [HeldByUs] = null });

    /// <summary>Cordons and excludes, whichever is wanted.</summary>
    public static V1Patch Cordon(V1Node node, bool cordon, bool exclude)
    {
        string[] done = [.. NoteOf(node).Concat(cordon ? [Cordoned] : []).Concat(exclude ? [Excluded] : []).Distinct(StringComparer.Ordinal)];
        var metadata = new JsonObject { ["annotations"] = new JsonObject { [CordonedByUs] = string.Join(' ', done) } };
        if (exclude)
            metadata["labels"] = new JsonObject { [ExcludeFromBalancers] = "" };
        var patch = new JsonObject { ["metadata"] = metadata };
        if (cordon)
            patch["spec"] = new JsonObject { ["unschedulable"] = true };
        return Patch(patch);
    }

    /// <summary>Takes back what we did; null when we did nothing.</summary>
    public static V1Patch? Uncordon(V1Node node)
    {
        string[] done = NoteOf(node);
        if (done.Length == 0)
            return null;
        var metadata = new JsonObject { ["annotations"] = new JsonObject { [CordonedByUs] = null } };
        if (done.Contains(Excluded))
            metadata["labels"] = new JsonObject { [ExcludeFromBalancers] = null };
        var patch = new JsonObject { ["metadata"] = metadata };
        if (done.Contains(Cordoned))
            patch["spec"] = new JsonObject { ["unschedulable"] = null };
        return Patch(patch);
    }

    /// <summary>Sets or removes the taint, as the node was read; null when it is so already.</summary>
    public static V1Patch? Taint(V1Node node, bool remove)
    {
        IList<V1Taint> taints = node.Spec?.Taints ?? [];
        if (taints.Any(t => t.Key == ScheduledForUpdate) != remove)
            return null;
        V1Taint[] next = remove ? [.. taints.Where(t => t.Key != ScheduledForUpdate)] : [.. taints, new() { Key = ScheduledForUpdate, Effect = "PreferNoSchedule" }];
        JsonNode? list = next.Length == 0 ? null : JsonNode.Parse(KubernetesJson.Serialize(next));
        return Patch(new JsonObject { ["metadata"] = new JsonObject { ["resourceVersion"] = node.Metadata.ResourceVersion }, ["spec"] = new JsonObject { ["taints"] = list } });
    }

    /// <summary>A merge patch.</summary>
    public static V1Patch Patch(object content) => new(content is JsonNode json ? json.ToJsonString() : JsonSerializer.Serialize(content), V1Patch.PatchType.MergePatch);

    private static string[] NoteOf(V1Node node) => node.Metadata.Annotations?.TryGetValue(CordonedByUs, out string? note) == true ? note.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    private static V1Patch Annotate(Dictionary<string, string?> annotations) => Patch(new { metadata = new { annotations } });
}
