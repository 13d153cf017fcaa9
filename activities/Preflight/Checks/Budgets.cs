using k8s.Models;

namespace Rotation.Activities.Preflight.Checks;

/// <summary>What we read off PodDisruptionBudgets.</summary>
internal static class Budgets
{
    /// <summary>Namespace and name.</summary>
    public static string NameOf(V1PodDisruptionBudget budget) => $"{budget.Metadata.NamespaceProperty}/{budget.Metadata.Name}";

    /// <summary>True when the budget's selector takes the pod; an empty selector takes every pod of its namespace, none takes none.</summary>
    public static bool Selects(V1PodDisruptionBudget budget, V1Pod pod)
    {
        if (budget.Metadata.NamespaceProperty != pod.Metadata.NamespaceProperty || budget.Spec?.Selector is not { } selector)
            return false;
        IDictionary<string, string> labels = pod.Metadata.Labels ?? new Dictionary<string, string>();
        return (selector.MatchLabels ?? new Dictionary<string, string>()).All(l => labels.TryGetValue(l.Key, out string? value) && value == l.Value)
            && (selector.MatchExpressions ?? []).All(e => Holds(e, labels));
    }

    private static bool Holds(V1LabelSelectorRequirement e, IDictionary<string, string> labels)
    {
        bool has = labels.TryGetValue(e.Key, out string? value);
        return e.OperatorProperty switch
        {
            "In" => has && e.Values.Contains(value!),
            "NotIn" => !has || !e.Values.Contains(value!),
            "Exists" => has,
            _ => !has,
        };
    }
}
