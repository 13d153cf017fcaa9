using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Rolls;

/// <summary>One instance group of a roll.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">What its instances are.</param>
/// <param name="Size">Instances in all.</param>
/// <param name="Instances">Those to replace, in order: detached ones first, they are half done.</param>
internal sealed record GroupPlan(string Name, InstanceGroupRole Role, int Size, IReadOnlyList<InstanceState> Instances);

/// <summary>Which instances a roll replaces, and in which order: kOps' order of roles, groups by name. Pure.</summary>
internal static class RollPlan
{
    /// <summary>Groups that have something to replace, in order.</summary>
    public static IReadOnlyList<GroupPlan> Of(RollClusterRequest request, InstanceList found) =>
    [
        .. found.Instances.GroupBy(i => i.InstanceGroup)
            .Where(g => request.InstanceGroups.Count == 0 || request.InstanceGroups.Contains(g.Key))
            .Select(g => new GroupPlan(g.Key, g.First().Role, g.Count(), [.. g.Where(i => Wants(request, i)).OrderByDescending(i => i.Detached).ThenBy(i => i.Zone, StringComparer.Ordinal).ThenBy(i => i.Id, StringComparer.Ordinal)]))
            .Where(g => g.Instances.Count > 0)
            .OrderBy(g => g.Role).ThenBy(g => g.Name, StringComparer.Ordinal),
    ];

    private static bool Wants(RollClusterRequest request, InstanceState instance) =>
        (request.Instances.Count == 0 || request.Instances.Contains(instance.Id)) && (request.Force || instance.NeedsUpdate || instance.Detached);
}
