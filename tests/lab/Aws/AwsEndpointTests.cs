using Amazon.AutoScaling.Model;
using Amazon.EC2;
using Amazon.EC2.Model;
using Rotation.Lab;
using Rotation.Tests.Lab.Cluster;
using Shouldly;
using Xunit;
using GroupFilter = Amazon.AutoScaling.Model.Filter;

namespace Rotation.Tests.Lab.Aws;

/// <summary>What the real SDK's clients read from the lab, and what their calls do to it.</summary>
public sealed class AwsEndpointTests
{
    private static readonly DescribeAutoScalingGroupsRequest All = new() { Filters = [new GroupFilter { Name = "tag:KubernetesCluster", Values = [HandKops.ClusterName] }] };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Groups_show_their_instances_templates_and_tags_as_kops_makes_them()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 3);
        using var aws = new Clients(run.Lab.AwsEndpoint);

        var groups = (await aws.AutoScaling.DescribeAutoScalingGroupsAsync(All, Cancel)).AutoScalingGroups;
        var nodes = groups.Single(g => g.AutoScalingGroupName == $"nodes-0.{HandKops.ClusterName}");
        var none = await aws.AutoScaling.DescribeAutoScalingGroupsAsync(
            new() { Filters = [new GroupFilter { Name = "tag:KubernetesCluster", Values = ["other.example.com"] }] }, Cancel);

        groups.Select(g => g.AutoScalingGroupName).ShouldBe([$"control-plane-us-east-1a.masters.{HandKops.ClusterName}", $"nodes-0.{HandKops.ClusterName}"], ignoreOrder: true);
        (nodes.DesiredCapacity, nodes.MinSize, nodes.MaxSize).ShouldBe((3, 3, 3));
        nodes.Tags.Single(t => t.Key == "kops.k8s.io/instancegroup").Value.ShouldBe("nodes-0");
        nodes.Instances.Select(i => i.AvailabilityZone).ShouldBe(["us-east-1a", "us-east-1b", "us-east-1c"], ignoreOrder: true);
        nodes.Instances.ShouldAllBe(i => i.LifecycleState == "InService" && i.LaunchTemplate!.Version == "1");
        none.AutoScalingGroups.ShouldBeEmpty();
    }

    [Fact]
    public async Task An_update_makes_a_template_version_that_running_instances_do_not_have()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var aws = new Clients(run.Lab.AwsEndpoint);
        run.Kops.Stage();
        run.Kops.Update();

        var templates = (await aws.Ec2.DescribeLaunchTemplatesAsync(new DescribeLaunchTemplatesRequest(), Cancel)).LaunchTemplates;
        var groups = (await aws.AutoScaling.DescribeAutoScalingGroupsAsync(All, Cancel)).AutoScalingGroups;

        templates.ShouldAllBe(t => t.LatestVersionNumber == 2);
        groups.SelectMany(g => g.Instances).ShouldAllBe(i => i.LaunchTemplate!.Version == "1");
        groups.ShouldAllBe(g => g.LaunchTemplate!.Version == "$Latest");
    }

    [Fact]
    public async Task Detaching_surges_and_terminating_ends_what_was_detached()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 2);
        using var aws = new Clients(run.Lab.AwsEndpoint);
        var old = run.Lab.GetStatus().Nodes.First(n => n.Role == "node").Id;
        var group = $"nodes-0.{HandKops.ClusterName}";

        await aws.AutoScaling.DetachInstancesAsync(new() { AutoScalingGroupName = group, InstanceIds = [old], ShouldDecrementDesiredCapacity = false }, Cancel);
        await run.UntilAsync(s => s.Nodes.Count(n => n is { Role: "node", Ready: true }) == 3, "no node came beside the detached one");
        var listed = (await aws.AutoScaling.DescribeAutoScalingGroupsAsync(All, Cancel)).AutoScalingGroups.Single(g => g.AutoScalingGroupName == group);
        await aws.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [old] }, Cancel);
        var again = await aws.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [old] }, Cancel);
        await run.UntilAsync(s => s.Ready && s.Nodes.Count(n => n.Role == "node") == 2, "the detached instance did not end");

        listed.Instances.Select(i => i.InstanceId).ShouldNotContain(old);
        again.TerminatingInstances.Single().CurrentState.Name.Value.ShouldBeOneOf("shutting-down", "terminated");
        run.Lab.Events.Count(e => e.Kind == LabEvents.InstanceTerminating && e.Instance == old).ShouldBe(1);
        var ended = (await aws.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [old] }, Cancel)).Reservations.Single().Instances.Single();
        ended.State.Name.ShouldBe(InstanceStateName.Terminated);
    }

    [Fact]
    public async Task An_unknown_instance_is_refused_by_the_code_that_aws_has_for_it()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var aws = new Clients(run.Lab.AwsEndpoint);

        var unknown = await Should.ThrowAsync<AmazonEC2Exception>(() => aws.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = ["i-0123456789abcdef0"] }, Cancel));
        var foreign = await Should.ThrowAsync<Amazon.AutoScaling.AmazonAutoScalingException>(
            () => aws.AutoScaling.DetachInstancesAsync(new() { AutoScalingGroupName = $"nodes-0.{HandKops.ClusterName}", InstanceIds = ["i-0123456789abcdef0"] }, Cancel));

        unknown.ErrorCode.ShouldBe("InvalidInstanceID.NotFound");
        foreign.ErrorCode.ShouldBe("ValidationError");
        foreign.Message.ShouldContain("is not part of Auto Scaling group");
    }

    [Fact]
    public async Task Throttled_calls_fail_by_name_and_go_through_after_the_clients_own_retries()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var once = new Clients(run.Lab.AwsEndpoint, retries: 0);
        using var aws = new Clients(run.Lab.AwsEndpoint, retries: 10);

        var always = run.Lab.SetFault(new LabFault { Kind = LabFaultKind.AwsThrottling });
        var ec2 = await Should.ThrowAsync<AmazonEC2Exception>(() => once.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), Cancel));
        var group = await Should.ThrowAsync<Amazon.AutoScaling.AmazonAutoScalingException>(() => once.AutoScaling.DescribeAutoScalingGroupsAsync(All, Cancel));
        run.Lab.ClearFault(always.Id);
        run.Lab.SetFault(new LabFault { Kind = LabFaultKind.AwsThrottling, Value = 0.5 });
        for (var call = 0; call < 5; call++)
            (await aws.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest(), Cancel)).Reservations.ShouldNotBeEmpty();

        (ec2.ErrorCode, ec2.StatusCode).ShouldBe(("RequestLimitExceeded", System.Net.HttpStatusCode.ServiceUnavailable));
        (group.ErrorCode, group.StatusCode).ShouldBe(("Throttling", System.Net.HttpStatusCode.BadRequest));
    }
}
