using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>A budget that never lets a pod go, however healthy its pods are: every drain of their nodes times out.</summary>
internal sealed class BudgetNeverSatisfied() : PreflightCheck("pdb-never-satisfied", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from budget in facts.Kubernetes?.Budgets ?? []
        let expected = budget.Status?.ExpectedPods ?? 0
        where expected > 0 && (budget.Status?.DesiredHealthy ?? 0) >= expected
        select Found($"PodDisruptionBudget '{Budgets.NameOf(budget)}' wants {budget.Status!.DesiredHealthy} of {expected} pods healthy, so that none may ever go. Add a replica or loosen it.");
}

/// <summary>A budget that lets no pod go just now.</summary>
internal sealed class BudgetBlockedNow() : PreflightCheck("pdb-blocked-now", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from budget in facts.Kubernetes?.Budgets ?? []
        let status = budget.Status
        where status is { ExpectedPods: > 0, DisruptionsAllowed: 0 } && status.DesiredHealthy < status.ExpectedPods
        select Found($"PodDisruptionBudget '{Budgets.NameOf(budget)}' lets no pod go now: {status.CurrentHealthy} of {status.ExpectedPods} are healthy, {status.DesiredHealthy} must be. Repair its pods before the first roll.");
}

/// <summary>Pods under two budgets: the API refuses every eviction of them.</summary>
internal sealed class BudgetsOverlap() : PreflightCheck("pdb-overlap", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) =>
        from pod in (facts.Kubernetes?.Pods ?? []).Where(p => !NodeFacts.IsFinished(p) && !NodeFacts.StaysOnDrain(p))
        let over = facts.Kubernetes!.Budgets.Where(b => Budgets.Selects(b, pod)).Select(Budgets.NameOf).Order(StringComparer.Ordinal).ToArray()
        where over.Length > 1
        group pod by string.Join(" and ", over) into twice
        select Found($"The PodDisruptionBudgets {twice.Key} select the same pods ({Few([.. twice.Select(NodeFacts.NameOf)])}): the API refuses to evict them. Make their selectors disjoint.");
}

/// <summary>Pods that nobody starts again.</summary>
internal sealed class PodWithoutOwner() : PreflightCheck("pod-without-owner", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] bare = [.. (facts.Kubernetes?.Pods ?? []).Where(p => !NodeFacts.IsFinished(p) && !NodeFacts.StaysOnDrain(p) && p.Metadata.OwnerReferences?.Any(o => o.Controller == true) != true).Select(NodeFacts.NameOf)];
        return When(bare.Length > 0, $"{bare.Length} pods have no controller and are lost when their node is drained: {Few(bare)}. Save what they hold.");
    }
}

/// <summary>Pods that find no place now.</summary>
internal sealed class PodPending() : PreflightCheck("pod-pending", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        string[] pending = [.. (facts.Kubernetes?.Pods ?? []).Where(p => p.Status?.Phase == "Pending" && p.Spec?.NodeName is null or "").Select(NodeFacts.NameOf)];
        return When(pending.Length > 0, $"{pending.Length} pods find no node now: {Few(pending)}. There is no room to drain into; add capacity first.");
    }
}

/// <summary>Tokens in Secrets never expire and end the moment their key is distrusted.</summary>
internal sealed class TokensInSecrets() : PreflightCheck("tokens-in-secrets", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        IReadOnlyList<string> tokens = facts.Rotates(Keysets.KeysetReader.ServiceAccount) ? facts.Kubernetes?.TokenSecrets ?? [] : [];
        return When(tokens.Count > 0, $"{tokens.Count} Secrets hold a service-account token that never expires: {Few(tokens)}. Step 5 makes them worthless; recreate them after step 3 and restart who uses them, also outside the cluster.");
    }
}

/// <summary>Webhooks that refuse pods when they do not answer can stop every replacement, their own too.</summary>
internal sealed class WebhookFailsClosed() : PreflightCheck("webhook-fails-closed", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Kubernetes is { FailClosedWebhooks: { Count: > 0 } hooks }
        ? [Found($"{hooks.Count} webhooks refuse pods while they do not answer: {Few(hooks)}. Run them with two replicas on different nodes, or exclude kube-system and their own namespace.")]
        : [];
}

/// <summary>No room for the pods of a node that goes, where nothing is started ahead.</summary>
internal sealed class CapacityShort() : PreflightCheck("capacity-short", FindingSeverity.Warning)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts)
    {
        if (facts.Kubernetes is not { } kubernetes || facts.Input.Roll.MaxSurge is not ("0" or "0%"))
            return [];
        string[] full = [.. Resources.Names.Where(r => !Resources.FitsWithoutLargest(kubernetes, r))];
        return When(full.Length > 0, $"Without surge the other nodes have no room for the pods of the largest node ({Few(full)}). Set roll.maxSurge to 1, or add a node.");
    }
}

/// <summary>The worker's credential lacks a right that the rolling update needs.</summary>
internal sealed class KubernetesPermissionMissing() : PreflightCheck("permission-missing-kubernetes", FindingSeverity.Error)
{
    public override IEnumerable<Finding> Look(PreflightFacts facts) => facts.Kubernetes is { Denied: { Count: > 0 } denied }
        ? [Found($"The worker's credential is not allowed to {Few(denied)}. Grant it, or let kops issue the credential (system:masters).")]
        : [];
}
