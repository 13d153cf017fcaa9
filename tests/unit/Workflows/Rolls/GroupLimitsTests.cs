using Rotation.Workflows.Contracts;
using Rotation.Workflows.Rolls;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.WorkflowRules.Rolls;

public sealed class GroupLimitsTests
{
    [Theory]
    [InlineData(InstanceGroupRole.Node, 10, "10%", "1", 1, 1)]
    [InlineData(InstanceGroupRole.Node, 10, "0", "50%", 5, 0)]
    [InlineData(InstanceGroupRole.Node, 11, "5%", "5%", 1, 0)]
    [InlineData(InstanceGroupRole.Node, 11, "5%", "0", 0, 1)]
    [InlineData(InstanceGroupRole.Node, 40, "10%", "10%", 4, 4)]
    [InlineData(InstanceGroupRole.ControlPlane, 3, "3", "3", 0, 1)]
    [InlineData(InstanceGroupRole.ApiServer, 3, "3", "3", 0, 1)]
    [InlineData(InstanceGroupRole.Bastion, 3, "3", "3", 0, 1)]
    public void Only_workers_go_several_at_once_and_percentages_round_as_in_kOps(InstanceGroupRole role, int size, string unavailable, string surge, int expectedSurge, int expectedUnavailable) =>
        RollGroup.PolicyOf(new RollOptions { MaxUnavailable = unavailable, MaxSurge = surge }, role, size).ShouldBe(new GroupPolicy(expectedSurge, expectedUnavailable));

    [Fact]
    public void Without_the_API_nothing_is_started_ahead() =>
        RollGroup.PolicyOf(new RollOptions { MaxUnavailable = "0", MaxSurge = "3" }, InstanceGroupRole.Node, 10, cloudOnly: true).ShouldBe(new GroupPolicy(0, 1));
}
