using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;

namespace Rotation.Workflows.Rolls;

/// <summary>How many nodes of a group may be replaced at once. Everything but workers goes one by one and without surge.</summary>
internal static class GroupLimits
{
    /// <summary>Nodes at once.</summary>
    public static int AtOnce(RollInstanceGroupRequest request) => AtOnce(request.Roll, IsWorkers(request.Instances), SizeOf(request));

    /// <inheritdoc cref="AtOnce(RollInstanceGroupRequest)"/>
    public static int AtOnce(RollOptions roll, GroupPlan group) => AtOnce(roll, IsWorkers(group.Instances), group.Size);

    /// <summary>Nodes that are started ahead of those they replace.</summary>
    public static int Surge(RollInstanceGroupRequest request) =>
        IsWorkers(request.Instances) && !request.CloudOnly ? RollRules.Read(request.Roll.MaxSurge, SizeOf(request)) ?? 0 : 0;

    private static int AtOnce(RollOptions roll, bool workers, int size) =>
        workers ? Math.Max(1, (RollRules.Read(roll.MaxSurge, size) ?? 0) + (RollRules.Read(roll.MaxUnavailable, size) ?? 0)) : 1;

    private static bool IsWorkers(IReadOnlyList<InstanceState> instances) => instances.All(i => i.Role == InstanceGroupRole.Node);

    private static int SizeOf(RollInstanceGroupRequest request) => Math.Max(request.GroupSize, request.Instances.Count);
}
