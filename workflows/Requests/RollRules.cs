using System.Globalization;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Requests;

/// <summary>What is a valid <see cref="RollOptions"/>, and how its numbers and percentages are read.</summary>
public static class RollRules
{
    /// <summary>Everything that is wrong; paths begin inside <c>roll</c>.</summary>
    public static IReadOnlyList<string> ProblemsOf(RollOptions roll)
    {
        List<string> problems = [];
        foreach ((string field, string value) in new[] { ("maxUnavailable", roll.MaxUnavailable), ("maxSurge", roll.MaxSurge), ("clusterBudget", roll.ClusterBudget), ("maxFailures", roll.MaxFailures) })
            if (Read(value, 100) is null)
                problems.Add($"{field}: '{value}' is neither a number nor a percentage such as 10%");
        if (problems.Count == 0 && Read(roll.MaxUnavailable, 100) == 0 && Read(roll.MaxSurge, 100) == 0)
            problems.Add("maxUnavailable: it and maxSurge cannot both be 0");
        if (roll.DrainTimeout.Value < TimeSpan.FromSeconds(1))
            problems.Add($"drainTimeout: {roll.DrainTimeout} is too short; at least 1s");
        if (roll.ValidationTimeout.Value < TimeSpan.FromSeconds(1))
            problems.Add($"validationTimeout: {roll.ValidationTimeout} is too short; at least 1s");
        if (roll.ValidateCount is < 1 or > 10)
            problems.Add($"validateCount: {roll.ValidateCount} is not between 1 and 10");
        return problems;
    }

    /// <summary>Names of roles as kops' <c>--instance-group-roles</c> takes them.</summary>
    public static IReadOnlyList<string> Roles { get; } = [.. Enum.GetValues<InstanceGroupRole>().Select(NameOf)];

    /// <summary>Name of a role, as kops' <c>--instance-group-roles</c> takes it.</summary>
    public static string NameOf(InstanceGroupRole role) => role switch
    {
        InstanceGroupRole.Bastion => "bastion",
        InstanceGroupRole.ControlPlane => "control-plane",
        InstanceGroupRole.ApiServer => "apiserver",
        _ => "node",
    };

    /// <summary>A number, or a percentage of <paramref name="whole"/> rounded down, as kOps reads <c>maxUnavailable</c>; null when the text is neither.</summary>
    public static int? Read(string text, int whole)
    {
        bool percent = text.EndsWith('%');
        if (!int.TryParse(percent ? text[..^1] : text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || (percent && number > 100))
            return null;
        return percent ? (int)((long)whole * number / 100) : number;
    }

    /// <summary>As <see cref="Read"/>, rounded up, as kOps reads <c>maxSurge</c>.</summary>
    public static int? ReadUp(string text, int whole) =>
        Read(text, whole) is not { } number ? null : text.EndsWith('%') ? (int)((((long)whole * Read(text[..^1], whole)!.Value) + 99) / 100) : number;

    /// <summary>As <see cref="Read"/>, at least 1: for limits that must let something happen.</summary>
    public static int AtLeastOne(string text, int whole) => Math.Max(1, Read(text, whole) ?? 1);
}
