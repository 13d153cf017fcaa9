using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>Nodes that are not ready now.</summary>
internal sealed class NodeNotReady() : PreflightCheck("node-not-ready", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] down = [.. (facts.Kubernetes?.Nodes ?? []).Where(n => !NodeFacts.IsReady(n)).Select(n => n.Metadata.Name)];
        return When(down.Length > 0, $"{down.Length} nodes are not ready: {Few(down)}. Repair or remove them: the first validation would wait for them in vain.");
    }
}

/// <summary>Nodes that somebody cordoned.</summary>
internal sealed class NodeCordoned() : PreflightCheck("node-cordoned", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] cordoned = [.. (facts.Kubernetes?.Nodes ?? []).Where(n => n.Spec?.Unschedulable == true).Select(n => n.Metadata.Name)];
        return When(cordoned.Length > 0, $"{cordoned.Length} nodes are cordoned: {Few(cordoned)}. They will be replaced by nodes that are not; find out whether somebody still needs them so.");
    }
}

/// <summary>Instances that never joined and nodes without an instance.</summary>
internal sealed class NodesAndInstancesDiffer() : PreflightCheck("nodes-and-instances-differ", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        if (facts.Instances is not { } instances || facts.Kubernetes is not { } kubernetes)
            yield break;
        HashSet<string> ids = [.. instances.Select(i => i.Id)];
        HashSet<string> joined = [.. kubernetes.Nodes.Select(NodeFacts.InstanceId)];
        string[] lost = [.. kubernetes.Nodes.Where(n => !ids.Contains(NodeFacts.InstanceId(n))).Select(n => n.Metadata.Name)];
        string[] never = [.. instances.Where(i => i.Role != InstanceGroupRole.Bastion && !joined.Contains(i.Id)).Select(i => i.Id)];
        if (lost.Length > 0)
            yield return Found($"{lost.Length} nodes have no instance in the cloud: {Few(lost)}. They are not replaced by the rolling update and keep the old CA; delete them or rotate them by hand.");
        if (never.Length > 0)
            yield return Found($"{never.Length} instances never joined: {Few(never)}. Terminate them or find out why.");
    }
}

/// <summary>System pods that do not run now.</summary>
internal sealed class SystemPodNotReady() : PreflightCheck("system-pod-not-ready", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] down = [.. (facts.Kubernetes?.Pods ?? []).Where(p => p.Spec?.PriorityClassName?.StartsWith("system-", StringComparison.Ordinal) == true && !NodeFacts.IsFinished(p) && !NodeFacts.IsRunning(p)).Select(NodeFacts.NameOf)];
        return When(down.Length > 0, $"{down.Length} system pods are not ready: {Few(down)}. The first validation would wait for them in vain; repair them first.");
    }
}

/// <summary>A clock that is off makes new certificates not yet valid and tokens refused.</summary>
internal sealed class ClockSkew() : PreflightCheck("clock-skew", FindingSeverity.Error)
{
    private static readonly TimeSpan Most = TimeSpan.FromSeconds(60);

    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Kubernetes?.ServerTime is { } server
        ? When((facts.Now - server).Duration() > Most, $"The clocks of the API server and of the worker differ by {(int)(facts.Now - server).Duration().TotalSeconds} s: certificates and tokens would be refused. Set the clocks (NTP).")
        : [];
}

/// <summary>What the cluster's servers serve ends before the first roll can replace it.</summary>
internal sealed class ServedCertificateExpiring() : PreflightCheck("served-certificate-expiring", FindingSeverity.Warning)
{
    private static readonly TimeSpan Notice = TimeSpan.FromDays(14);

    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        ServedCertificate[] soon = [.. (facts.Served ?? []).Where(s => s.NotAfter < facts.Now + Notice).OrderBy(s => s.NotAfter)];
        return soon.Length == 0 ? [] : [Found($"{soon.Length} servers serve a certificate that ends by {soon[^1].NotAfter:yyyy-MM-dd}: {Few([.. soon.Select(s => $"{s.Component} on {s.Node} ({s.NotAfter:yyyy-MM-dd})")])}. The first roll renews them; do not let the first gate wait that long.")];
    }
}

/// <summary>A server whose certificate comes from no keypair of the cluster's.</summary>
internal sealed class ServedByUnknownCa() : PreflightCheck("served-by-unknown-ca", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] unknown = [.. (facts.Served ?? []).Where(s => s.Issuer.Length == 0).Select(s => $"{s.Component} on {s.Node}")];
        return When(unknown.Length > 0, $"{unknown.Length} servers serve a certificate of a CA that the state store does not have: {Few(unknown)}. Rotating does not change them; find out who issued it.");
    }
}
