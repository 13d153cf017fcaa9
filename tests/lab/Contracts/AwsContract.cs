using System.Globalization;
using Amazon.AutoScaling.Model;
using Amazon.EC2;
using Amazon.EC2.Model;
using Rotation.Tests.Support;
using Shouldly;
using Xunit;
using AsgFilter = Amazon.AutoScaling.Model.Filter;
using Ec2Filter = Amazon.EC2.Model.Filter;
using Ec2Tag = Amazon.EC2.Model.Tag;

namespace Rotation.Tests.Lab.Contracts;

/// <summary>What AWS, or whatever stands in its place, must answer to the calls of the rolling update, through the SDK's own clients.</summary>
public sealed class AwsContract(ContractTarget target) : IClassFixture<ContractTarget>
{
    private const string Unknown = "i-0123456789abcdef0";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Groups_are_found_by_the_clusters_tag_and_say_group_template_and_members()
    {
        var group = await GroupAsync();

        group.Tags.Single(t => t.Key == "KubernetesCluster").Value.ShouldBe(target.Cluster);
        (group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification).ShouldNotBeNull();
        group.DesiredCapacity.ShouldBe(group.Instances.Count(i => i.LifecycleState == "InService"));
        group.Instances.ShouldAllBe(i => i.InstanceId.StartsWith("i-", StringComparison.Ordinal) && i.AvailabilityZone.Length > 0 && i.LaunchTemplate!.Version!.Length > 0);
        (await target.GroupsAsync("tag:KubernetesCluster", "nobody.example.com")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Pages_hold_every_group_once()
    {
        List<string> names = [];
        var request = new DescribeAutoScalingGroupsRequest { MaxRecords = 1, Filters = [new AsgFilter { Name = "tag:KubernetesCluster", Values = [target.Cluster] }] };
        do
        {
            var page = await target.Aws.AutoScaling.DescribeAutoScalingGroupsAsync(request, Cancel);
            page.AutoScalingGroups.Count.ShouldBeLessThanOrEqualTo(1);
            names.AddRange(page.AutoScalingGroups.Select(g => g.AutoScalingGroupName));
            request.NextToken = page.NextToken;
        }
        while (request.NextToken is not null);

        names.ShouldBeUnique();
        names.ShouldBe((await target.GroupsAsync("tag:KubernetesCluster", target.Cluster)).Select(g => g.AutoScalingGroupName), ignoreOrder: true);
    }

    [Fact]
    public async Task A_launch_template_says_its_latest_version_as_a_number()
    {
        var group = await GroupAsync();
        string id = (group.LaunchTemplate ?? group.MixedInstancesPolicy!.LaunchTemplate!.LaunchTemplateSpecification!).LaunchTemplateId!;

        var found = (await target.Aws.Ec2.DescribeLaunchTemplatesAsync(new DescribeLaunchTemplatesRequest { LaunchTemplateIds = [id] }, Cancel)).LaunchTemplates.ShouldHaveSingleItem();

        (found.LatestVersionNumber ?? 0).ShouldBeGreaterThanOrEqualTo(group.Instances.Max(i => long.Parse(i.LaunchTemplate!.Version!, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Instances_are_found_by_id_and_by_tag_and_a_tag_can_be_taken_back()
    {
        string id = (await GroupAsync()).Instances[0].InstanceId;
        var tag = new Ec2Tag("rotation/contract", Guid.NewGuid().ToString("n"));

        await target.Aws.Ec2.CreateTagsAsync(new CreateTagsRequest { Resources = [id], Tags = [tag] }, Cancel);
        var tagged = await TaggedAsync(tag);
        await target.Aws.Ec2.DeleteTagsAsync(new DeleteTagsRequest { Resources = [id], Tags = [tag] }, Cancel);
        var instance = (await target.Aws.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [id] }, Cancel)).Reservations.Single().Instances.Single();

        tagged.ShouldBe([id]);
        (await TaggedAsync(tag)).ShouldBeEmpty();
        instance.State.Name.ShouldBe(InstanceStateName.Running);
    }

    [Fact]
    public async Task What_is_not_known_is_refused_by_the_codes_that_the_activities_take_for_gone()
    {
        string group = (await GroupAsync()).AutoScalingGroupName;

        var described = await Should.ThrowAsync<AmazonEC2Exception>(() => target.Aws.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [Unknown] }, Cancel));
        var ended = await Should.ThrowAsync<AmazonEC2Exception>(() => target.Aws.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [Unknown] }, Cancel));
        var detached = await Should.ThrowAsync<Amazon.AutoScaling.AmazonAutoScalingException>(
            () => target.Aws.AutoScaling.DetachInstancesAsync(new() { AutoScalingGroupName = group, InstanceIds = [Unknown], ShouldDecrementDesiredCapacity = false }, Cancel));

        described.ErrorCode.ShouldBe("InvalidInstanceID.NotFound");
        ended.ErrorCode.ShouldBe("InvalidInstanceID.NotFound");
        detached.ErrorCode.ShouldBe("ValidationError");
    }

    [Fact]
    public async Task Detaching_launches_a_replacement_and_terminating_twice_is_terminating_once()
    {
        target.SkipUnlessItMayReplaceNodes();
        var before = await GroupAsync();
        string old = before.Instances[0].InstanceId;

        await target.Aws.AutoScaling.DetachInstancesAsync(new() { AutoScalingGroupName = before.AutoScalingGroupName, InstanceIds = [old], ShouldDecrementDesiredCapacity = false }, Cancel);
        var after = await Eventually.GetAsync(GroupAsync, g => g.Instances.Count(i => i.LifecycleState == "InService") >= before.DesiredCapacity && g.Instances.All(i => i.InstanceId != old), TimeSpan.FromMinutes(10));
        var running = (await target.Aws.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { InstanceIds = [old] }, Cancel)).Reservations.Single().Instances.Single().State.Name;
        await target.Aws.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [old] }, Cancel);
        var again = await target.Aws.Ec2.TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [old] }, Cancel);

        after.DesiredCapacity.ShouldBe(before.DesiredCapacity);
        running.ShouldBe(InstanceStateName.Running);
        again.TerminatingInstances.Single().CurrentState.Name.Value.ShouldBeOneOf("shutting-down", "terminated");
    }

    private async Task<AutoScalingGroup> GroupAsync() => (await target.GroupsAsync("tag:KubernetesCluster", target.Cluster)).Single(g => g.Tags.Any(t => t.Key == "kops.k8s.io/instancegroup" && t.Value == target.WorkerGroup));

    private async Task<IEnumerable<string>> TaggedAsync(Ec2Tag tag) =>
        (await target.Aws.Ec2.DescribeInstancesAsync(new DescribeInstancesRequest { Filters = [new Ec2Filter($"tag:{tag.Key}", [tag.Value])] }, Cancel)).Reservations?.SelectMany(r => r.Instances).Select(i => i.InstanceId) ?? [];
}
