using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;

namespace Rotation.Workflows.Rolls;

/// <summary>How many nodes of a group may be replaced at once. Everything but workers goes one by one and without surge.</summary>
internal static class GroupLimits
{
    /// <summary>The limits of a group of <paramref name="size"/> instances. As kops: a surge in percent is rounded up, what may be unavailable down; where both are 0 one may be unavailable.</summary>
    public static GroupPolicy Of(RollOptions roll, InstanceGroupRole role, int size, bool cloudOnly)
    {
        if (role != InstanceGroupRole.Node)
            return GroupPolicy.OneByOne;
        int surge = cloudOnly ? 0 : Math.Min(size, RollRules.ReadUp(roll.MaxSurge, size) ?? 0);
        int unavailable = Math.Min(size, RollRules.Read(roll.MaxUnavailable, size) ?? 0);
        return new(surge, surge + unavailable == 0 ? 1 : unavailable);
    }
}
