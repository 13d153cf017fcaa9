using Amazon.AutoScaling.Model;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancingV2;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Contracts;

/// <summary>What AWS, or whatever stands in its place, must answer when nodes leave load balancers. No node that is in use leaves one here.</summary>
public sealed class LoadBalancerContract(ContractTarget target) : IClassFixture<ContractTarget>
{
    private const string UnknownInstance = "i-0123456789abcdef0";
    private const string UnknownGroup = "arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/rotation-contract/0123456789abcdef";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task To_leave_a_target_group_that_an_instance_is_not_in_is_no_error()
    {
        List<AutoScalingGroup> groups = await target.GroupsAsync("tag:KubernetesCluster", target.Cluster);
        string outside = groups.First(g => g.TargetGroupARNs.Count == 0 && g.Instances.Count > 0).Instances[0].InstanceId;

        await target.Aws.LoadBalancing.DeregisterTargetsAsync(new() { TargetGroupArn = TargetGroup(groups), Targets = [new() { Id = outside }] }, Cancel);
        await target.Aws.LoadBalancing.DeregisterTargetsAsync(new() { TargetGroupArn = TargetGroup(groups), Targets = [new() { Id = outside }] }, Cancel);
    }

    [Fact]
    public async Task What_a_target_group_does_not_know_is_refused_by_the_codes_that_the_activities_take_for_gone()
    {
        string known = TargetGroup(await target.GroupsAsync("tag:KubernetesCluster", target.Cluster));

        var group = await Should.ThrowAsync<AmazonElasticLoadBalancingV2Exception>(
            () => target.Aws.LoadBalancing.DeregisterTargetsAsync(new() { TargetGroupArn = UnknownGroup, Targets = [new() { Id = UnknownInstance }] }, Cancel));
        var instance = await Should.ThrowAsync<AmazonElasticLoadBalancingV2Exception>(
            () => target.Aws.LoadBalancing.DeregisterTargetsAsync(new() { TargetGroupArn = known, Targets = [new() { Id = UnknownInstance }] }, Cancel));

        group.ErrorCode.ShouldBe("TargetGroupNotFound");
        instance.ErrorCode.ShouldBe("InvalidTarget");
    }

    [Fact]
    public async Task A_classic_load_balancer_that_is_not_there_is_refused_by_the_code_that_the_activities_take_for_gone()
    {
        var refused = await Should.ThrowAsync<AmazonElasticLoadBalancingException>(
            () => target.Aws.Classic.DeregisterInstancesFromLoadBalancerAsync(new() { LoadBalancerName = "rotation-contract", Instances = [new() { InstanceId = UnknownInstance }] }, Cancel));

        refused.ErrorCode.ShouldBe("LoadBalancerNotFound");
    }

    private static string TargetGroup(List<AutoScalingGroup> groups) =>
        groups.SelectMany(g => g.TargetGroupARNs).FirstOrDefault() ?? throw new SkipTestException("No group of the cluster has a target group.");
}
