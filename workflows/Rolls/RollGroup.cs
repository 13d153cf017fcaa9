using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Rolls;

/// <summary>One instance group as <see cref="RollScheduler"/> takes it.</summary>
/// <param name="Name">Name.</param>
/// <param name="Role">What its instances are; all but workers go one by one, group after group.</param>
/// <param name="Policy">Its limits.</param>
/// <param name="Nodes">Its nodes, in order.</param>
public sealed record RollGroup(string Name, InstanceGroupRole Role, GroupPolicy Policy, IReadOnlyList<NodeEntry> Nodes)
{
    /// <summary>The limits that options give a group.</summary>
    /// <param name="roll">The options.</param>
    /// <param name="role">What its instances are.</param>
    /// <param name="size">Instances of the group in all, for percentages.</param>
    /// <param name="cloudOnly">True when the API is left alone; then nothing is started ahead, as kops.</param>
    public static GroupPolicy PolicyOf(RollOptions roll, InstanceGroupRole role, int size, bool cloudOnly = false) => GroupLimits.Of(roll, role, size, cloudOnly);
}
