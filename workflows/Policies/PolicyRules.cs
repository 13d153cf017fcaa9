using Rotation.Workflows.Contracts;
using Rotation.Workflows.Fleet;

namespace Rotation.Workflows.Policies;

/// <summary>What is a valid request of <c>RotationPolicy</c>.</summary>
public static class PolicyRules
{
    private const int MostDays = 3650;

    /// <summary>Everything that is wrong.</summary>
    public static IReadOnlyList<string> ProblemsOf(RotationPolicyRequest policy) =>
    [
        .. policy.Problems.Where(p => !p.StartsWith("fleet.", StringComparison.Ordinal)),
        .. FleetRules.ProblemsOf(policy.Fleet).Select(p => $"fleet.{p}"),
        .. Days("maxAgeDays", policy.Due.MaxAgeDays),
        .. Days("daysToExpiry", policy.Due.DaysToExpiry),
        .. When(policy.Due is { MaxAgeDays: 0, DaysToExpiry: 0, Always: false }, "due: nothing would ever be due; give maxAgeDays, daysToExpiry or always"),
        .. When(!policy.Due.Always && policy.Fleet.Clusters.Any(c => FleetInputs.KindOf(policy.Fleet, c) != RotationKind.Keypairs), "due: only the age of keypairs is known; for other kinds write {\"always\": true} and let the schedule say when"),
        .. When(policy.Fleet.Progress.Count > 0, "fleet.progress: is left out in a policy"),
    ];

    private static IEnumerable<string> Days(string field, int days) => When(days is < 0 or > MostDays, $"due.{field}: {days} is not between 0 and {MostDays}");

    private static IEnumerable<string> When(bool wrong, string problem) => wrong ? [problem] : [];
}
