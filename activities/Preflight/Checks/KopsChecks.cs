using Rotation.Activities.Kops;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>A newer kops wrote the cluster last: this one may not understand or may take back what it wrote.</summary>
internal sealed class KopsOlderThanLastWriter() : PreflightCheck("kops-older-than-last-writer", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Spec is { } spec
        ? When(KopsVersion.Compare(spec.KopsVersion, spec.LastUpdatedBy) < 0, $"The cluster was last updated by kops {spec.LastUpdatedBy}, the worker has {spec.KopsVersion}. Give the worker that version or a newer one (Rotation:Kops:Binaries).")
        : [];
}

/// <summary>A newer minor version of kops will change more than keys at the next update.</summary>
internal sealed class KopsNewerThanLastWriter() : PreflightCheck("kops-newer-than-last-writer", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Spec is { } spec
        ? When(KopsVersion.MinorOf(spec.KopsVersion) > KopsVersion.MinorOf(spec.LastUpdatedBy), $"The cluster was last updated by kops {spec.LastUpdatedBy}, the worker has {spec.KopsVersion}: the first update will change more than keys. Update and roll with the new kops first, or give the worker the old one.")
        : [];
}

/// <summary>kops manages Kubernetes up to its own minor version.</summary>
internal sealed class KubernetesNewerThanKops() : PreflightCheck("kubernetes-newer-than-kops", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string? kubernetes = facts.Spec is { } spec ? KopsJson.Text(spec.Cluster, "spec", "kubernetesVersion") : null;
        return kubernetes is not null && KopsVersion.MinorOf(kubernetes) is { } minor && KopsVersion.MinorOf(facts.Spec!.KopsVersion) is { } own
            ? When(minor > own, $"The cluster runs Kubernetes {kubernetes}, which kops {facts.Spec.KopsVersion} does not support. Give the worker kops 1.{minor} or newer.")
            : [];
    }
}

/// <summary>Replaced nodes would come back with another Kubernetes version than they run now.</summary>
internal sealed class KubernetesUpgradePending() : PreflightCheck("kubernetes-upgrade-pending", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string? wanted = facts.Spec is { } spec ? KopsJson.Text(spec.Cluster, "spec", "kubernetesVersion") : null;
        if (wanted is null || facts.Kubernetes is not { } kubernetes)
            return [];
        string[] other = [.. kubernetes.Nodes.Where(n => n.Status?.NodeInfo?.KubeletVersion is { Length: > 0 } has && has.TrimStart('v') != wanted.TrimStart('v')).Select(n => $"{n.Metadata.Name} ({n.Status.NodeInfo.KubeletVersion})")];
        return When(other.Length > 0, $"The specification says Kubernetes {wanted}, but these nodes run another version: {Few(other)}. Rolling would upgrade them; finish the upgrade first, or approve that it comes along.");
    }
}

/// <summary>Something else than this rotation waits to be applied and would be rolled out with it.</summary>
internal sealed class ForeignChangesPending() : PreflightCheck("update-has-foreign-changes", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Update is { } update
        ? When(update.Changes > 0, $"'kops update cluster' would change {update.Changes} things already, before this rotation: {Few([.. update.Names])}. Apply and roll them first, or approve that they come along.")
        : [];
}

/// <summary>Instances wait for a rolling update from before.</summary>
internal sealed class InstancesNeedUpdate() : PreflightCheck("instances-already-need-update", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] old = [.. (facts.Instances ?? []).Where(i => i.NeedsUpdate && !i.Detached).Select(i => i.Id)];
        return When(old.Length > 0, $"{old.Length} instances need a rolling update already: {Few(old)}. An earlier change was never rolled out; it will be with the first roll.");
    }
}

/// <summary>An earlier surge left instances that no group knows.</summary>
internal sealed class DetachedInstances() : PreflightCheck("detached-instances", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] detached = [.. (facts.Instances ?? []).Where(i => i.Detached).Select(i => i.Id)];
        return When(detached.Length > 0, $"{detached.Length} instances are detached from their groups and still run: {Few(detached)}. An earlier rolling update ended halfway; they will be replaced first.");
    }
}
