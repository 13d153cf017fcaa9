using Amazon.AutoScaling.Model;
using Amazon.ElasticLoadBalancing;
using Rotation.Lab;
using Rotation.Tests.Lab.Aws;
using Rotation.Tests.Lab.Cluster;
using Rotation.Workflows.Activities;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Activities;

/// <summary>A cluster whose API is behind a classic load balancer: kOps' <c>spec.api.loadBalancer.class: Classic</c>.</summary>
public sealed class ClassicLoadBalancerTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_control_plane_node_is_out_of_it_before_it_ends_and_only_once()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 3, workers: 1, classic: true);
        using var activities = new HandActivities(run);
        using var aws = new Clients(run.Lab.AwsEndpoint);
        string node = run.Lab.GetStatus().Nodes.First(n => n.Role == "control-plane").Id;
        var input = new DrainNodeInput { Cluster = HandActivities.Ref, Instance = activities.Instance(node) };

        List<AutoScalingGroup> groups = (await aws.AutoScaling.DescribeAutoScalingGroupsAsync(new DescribeAutoScalingGroupsRequest(), Cancel)).AutoScalingGroups;
        await HandActivities.RunAsync(() => activities.Nodes.DrainNodeAsync(input));
        await HandActivities.RunAsync(() => activities.Nodes.DrainNodeAsync(input));
        await HandActivities.RunAsync(() => activities.Nodes.TerminateInstanceAsync(activities.Input(node)));
        await run.ProbeAsync();

        groups.Where(g => g.LoadBalancerNames.SequenceEqual(["api-lab-example-com"])).Select(g => g.Tags.Single(t => t.Key == "kops.k8s.io/instancegroup").Value)
            .ShouldBe(run.Kops.Groups.Where(g => g.ControlPlane).Select(g => g.Name), ignoreOrder: true);
        groups.ShouldAllBe(g => g.TargetGroupARNs.Count == 0);
        LabEvent left = run.Lab.Events.Single(e => e.Kind == LabEvents.TargetDeregistered);
        left.Instance.ShouldBe(node);
        left.Sequence.ShouldBeLessThan(run.Lab.Events.Single(e => e.Kind == LabEvents.InstanceTerminating && e.Instance == node).Sequence);
        run.Probes.Snapshot().Failed.ShouldBe(0, run.Describe());
    }

    [Fact]
    public async Task What_it_does_not_know_is_refused_by_the_code_that_aws_has_for_it()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1, classic: true);
        using var aws = new Clients(run.Lab.AwsEndpoint);

        var instance = await Should.ThrowAsync<AmazonElasticLoadBalancingException>(
            () => aws.Classic.DeregisterInstancesFromLoadBalancerAsync(new() { LoadBalancerName = "api-lab-example-com", Instances = [new() { InstanceId = "i-0123456789abcdef0" }] }, Cancel));
        var balancer = await Should.ThrowAsync<AmazonElasticLoadBalancingException>(
            () => aws.Classic.DeregisterInstancesFromLoadBalancerAsync(new() { LoadBalancerName = "other", Instances = [new() { InstanceId = "i-0123456789abcdef0" }] }, Cancel));

        instance.ErrorCode.ShouldBe("InvalidInstance");
        balancer.ErrorCode.ShouldBe("LoadBalancerNotFound");
    }
}
