using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;

namespace Rotation.Workflows.Rolls;

/// <summary>One instance group of a roll.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">What its instances are.</param>
/// <param name="Size">Instances in all.</param>
/// <param name="Old">Instances in the group that are not as new ones are, those to replace among them.</param>
/// <param name="Instances">Those to replace, in order: detached ones first, they are half done.</param>
internal sealed record GroupPlan(string Name, InstanceGroupRole Role, int Size, int Old, IReadOnlyList<InstanceState> Instances);

/// <summary>Which instances a roll replaces, and in which order: kOps' order of roles, groups by name. Pure.</summary>
internal static class RollPlan
{
    /// <summary>What a plan assumes where nothing is known: from the start of a replacement until it is proven.</summary>
    private static readonly TimeSpan UsualBoot = TimeSpan.FromMinutes(3);

    /// <summary>From a node's cordon until its instance has ended.</summary>
    private static readonly TimeSpan UsualDrain = TimeSpan.FromMinutes(1);

    /// <summary>Groups that have something to replace, in order.</summary>
    public static IReadOnlyList<GroupPlan> Of(RollClusterRequest request, InstanceList found) =>
    [
        .. found.Instances.GroupBy(i => i.InstanceGroup)
            .Where(g => request.InstanceGroups.Count == 0 || request.InstanceGroups.Contains(g.Key))
            .Where(g => request.Roles.Count == 0 || request.Roles.Contains(RollRules.NameOf(g.First().Role)))
            .Select(g => Group(request, g.Key, [.. g]))
            .Where(g => g.Instances.Count > 0)
            .OrderBy(g => g.Role).ThenBy(g => g.Name, StringComparer.Ordinal),
    ];

    /// <summary>The plan as people see it.</summary>
    public static RollPlanView View(RollClusterRequest request, IReadOnlyList<GroupPlan> groups, int budget)
    {
        RollGroup[] scheduled = [.. groups.Select(g => new RollGroup(g.Name, g.Role, PolicyOf(request, g), [.. g.Instances.Select(i => new NodeEntry(i.Id, i.Zone, i.Detached))]))];
        return new()
        {
            IsMade = true,
            Groups = [.. groups.Select(g => new PlannedGroup(g.Name, g.Role, g.Size, PolicyOf(request, g).Surge, PolicyOf(request, g).Unavailable, [.. g.Instances.Select(i => new PlannedNode(i.Id, i.NodeName, i.Zone, WhyOf(i)))]))],
            Nodes = groups.Sum(g => g.Instances.Count),
            Budget = budget,
            Forecast = new(RollForecast.Of(new(scheduled, budget, request.Roll.ParallelGroups), _ => UsualBoot, _ => UsualDrain)),
        };
    }

    public static GroupPolicy PolicyOf(RollClusterRequest request, GroupPlan group) => GroupLimits.Of(request.Roll, group.Role, group.Size, request.CloudOnly);

    private static GroupPlan Group(RollClusterRequest request, string name, InstanceState[] all)
    {
        InstanceState[] wanted = [.. all.Where(i => Wants(request, i)).OrderByDescending(i => i.Detached).ThenBy(i => i.Zone, StringComparer.Ordinal).ThenBy(i => i.Id, StringComparer.Ordinal)];
        int old = request.Force ? wanted.Count(i => !i.Detached) : all.Count(i => i is { NeedsUpdate: true, Detached: false });
        return new(name, all[0].Role, all.Length, old, wanted);
    }

    private static bool Wants(RollClusterRequest request, InstanceState instance) =>
        (request.Instances.Count == 0 || request.Instances.Contains(instance.Id)) && (request.Force || instance.NeedsUpdate || instance.Detached);

    private static string WhyOf(InstanceState instance) => instance switch
    {
        { Detached: true } => "detached by an earlier roll",
        { NeedsUpdate: true } => "needs the update",
        _ => "forced",
    };
}
