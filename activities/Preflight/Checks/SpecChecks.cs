using System.Text.Json;
using Rotation.Activities.Kops;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>Terraform owns the launch templates: kops writes files instead, and somebody must apply them.</summary>
internal sealed class ManagedByTerraform() : PreflightCheck("managed-by-terraform", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Spec is { } spec
        ? When(KopsJson.At(spec.Cluster, "spec", "target", "terraform") is { ValueKind: not JsonValueKind.Null }, "The cluster is managed by Terraform (spec.target.terraform): 'kops update cluster --yes' and Terraform would take back each other's changes. Rotate by hand with 'kops update cluster --target=terraform', or take it out of Terraform.")
        : [];
}

/// <summary>The API's load balancer has a certificate of its own.</summary>
internal sealed class ApiHasOwnCertificate() : PreflightCheck("api-load-balancer-certificate", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Spec is { } spec
        ? When(!string.IsNullOrEmpty(KopsJson.Text(spec.Cluster, "spec", "api", "loadBalancer", "sslCertificate")), "The API is behind a load balancer with its own certificate: clients never see the cluster's CA, so steps 2 and 6 are skipped; client certificates work only on the load balancer's second port (8443).")
        : [];
}

/// <summary>The durable rolling update knows one cloud.</summary>
internal sealed class CloudNotSupported() : PreflightCheck("cloud-not-supported", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string cloud = facts.Spec is { } spec ? Clusters.ClusterSpecs.CloudOf(spec.Cluster) : "aws";
        return When(cloud != "aws" && facts.Input.Roll.Engine == RollEngine.Durable, $"The durable rolling update does not know the cloud '{cloud}'; set roll.engine to kops.");
    }
}

/// <summary>A group whose own settings forbid every replacement.</summary>
internal sealed class GroupNeverRolls() : PreflightCheck("group-never-rolls", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from @group in facts.Spec?.Groups ?? []
        where IsZero(KopsJson.At(@group, "spec", "rollingUpdate", "maxUnavailable")) && IsZero(KopsJson.At(@group, "spec", "rollingUpdate", "maxSurge"))
        select Found($"Instance group '{KopsJson.Text(@group, "metadata", "name")}' has maxUnavailable 0 and maxSurge 0, so that no node of it is ever replaced. Set one of them.");

    private static bool IsZero(JsonElement? value) => value is { } given && given.ToString() is "0" or "0%";
}

/// <summary>A group that does not start or end instances by itself.</summary>
internal sealed class GroupProcessesSuspended() : PreflightCheck("group-processes-suspended", FindingSeverity.Error)
{
    private static readonly string[] Needed = ["Launch", "Terminate", "AddToLoadBalancer"];

    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from @group in facts.Spec?.Groups ?? []
        let stopped = KopsJson.List(@group, "spec", "suspendProcesses").Select(p => p.ToString()).Intersect(Needed).ToArray()
        where stopped.Length > 0
        select Found($"Instance group '{KopsJson.Text(@group, "metadata", "name")}' suspends {Few(stopped)} (spec.suspendProcesses): replacements would never come. Resume them for the rotation.");
}

/// <summary>Groups whose nodes something else starts.</summary>
internal sealed class GroupManagedElsewhere() : PreflightCheck("group-managed-elsewhere", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from @group in facts.Spec?.Groups ?? []
        let manager = KopsJson.Text(@group, "spec", "manager")
        where manager is not (null or "" or "CloudGroup")
        select Found($"Instance group '{KopsJson.Text(@group, "metadata", "name")}' is managed by {manager}, not by a group of the cloud: its nodes are not replaced by the rolling update. Have {manager} replace them after each step, before you approve the next gate.");
}

/// <summary>Replacements on the spot market may not come.</summary>
internal sealed class GroupOnSpot() : PreflightCheck("group-on-spot", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from @group in facts.Spec?.Groups ?? []
        let onDemand = KopsJson.Number(@group, "spec", "mixedInstancesPolicy", "onDemandAboveBase")
        where !string.IsNullOrEmpty(KopsJson.Text(@group, "spec", "maxPrice")) || onDemand < 100
        select Found($"Instance group '{KopsJson.Text(@group, "metadata", "name")}' buys spot instances: a replacement may not be had. Keep maxSurge above 0 there, so that a node goes only when its replacement runs.");
}

/// <summary>Without a quorum of others, replacing a control-plane node takes the API away.</summary>
internal sealed class ControlPlaneTooSmall() : PreflightCheck("control-plane-too-small", FindingSeverity.Warning)
{
    private const int Quorum = 3;

    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        int nodes = (facts.Spec?.Groups ?? []).Where(g => KopsJson.Text(g, "spec", "role") is "Master" or "ControlPlane").Sum(g => KopsJson.Number(g, "spec", "minSize") ?? 1);
        return When(nodes is > 0 and < Quorum, $"The control plane has {nodes} nodes: the API and etcd are away while one is replaced, in each of three rolls. Do it in a maintenance window, or grow it to {Quorum} first.");
    }
}

/// <summary>Verifiers outside the cluster keep published keys for a while.</summary>
internal sealed class JwksPublished() : PreflightCheck("jwks-published", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string? store = facts.Spec is { } spec ? KopsJson.Text(spec.Cluster, "spec", "serviceAccountIssuerDiscovery", "discoveryStore") : null;
        return When(!string.IsNullOrEmpty(store) && facts.Rotates(Keysets.KeysetReader.ServiceAccount), "The service-account keys are published for verifiers outside the cluster (spec.serviceAccountIssuerDiscovery). They keep them for a day or more: wait between steps 1 and 3, and between 3 and 5, until they have read them again.");
    }
}
