using Amazon.AutoScaling.Model;
using Amazon.EC2.Model;
using Rotation.Workflows.Contracts;
using AsgTemplate = Amazon.AutoScaling.Model.LaunchTemplateSpecification;
using Filter = Amazon.AutoScaling.Model.Filter;
using Instance = Amazon.AutoScaling.Model.Instance;

namespace Rotation.Activities.Nodes;

/// <summary>AWS: instance groups are AutoScaling groups found by kOps' tags, as kops finds them.</summary>
internal sealed class AwsCloud(AwsClients clients, AwsRegions regions) : ICloud
{
    private const string ClusterTag = "KubernetesCluster";
    private const string GroupTag = "kops.k8s.io/instancegroup";
    private const string DetachedTag = "kops.k8s.io/detached-from-asg";

    public Task<IReadOnlyList<CloudGroup>> GroupsAsync(ClusterRef cluster, CancellationToken ct) => AwsFailures.GuardAsync<IReadOnlyList<CloudGroup>>(async () =>
    {
        string region = await regions.ForAsync(cluster, ct).ConfigureAwait(false);
        List<CloudGroup> groups = [];
        foreach (AutoScalingGroup group in await AllAsync(region, cluster.Name, ct).ConfigureAwait(false))
        {
            string current = await CurrentAsync(region, TemplateOf(group), ct).ConfigureAwait(false);
            CloudInstance[] instances = [.. group.Instances.Where(i => !i.LifecycleState.StartsWith("Terminat", StringComparison.Ordinal)).Select(i => Describe(i, current))];
            groups.Add(new(TagOf(group, GroupTag), group.AutoScalingGroupName, group.DesiredCapacity ?? 0, instances));
        }

        return groups;
    });

    public Task<IReadOnlyDictionary<string, IReadOnlyList<CloudInstance>>> DetachedAsync(ClusterRef cluster, CancellationToken ct) => AwsFailures.GuardAsync<IReadOnlyDictionary<string, IReadOnlyList<CloudInstance>>>(async () =>
    {
        string region = await regions.ForAsync(cluster, ct).ConfigureAwait(false);
        List<Amazon.EC2.Model.Instance> found = [];
        var request = new DescribeInstancesRequest
        {
            Filters = [new($"tag:{ClusterTag}", [cluster.Name]), new("tag-key", [DetachedTag]), new("instance-state-name", ["pending", "running"])],
        };
        do
        {
            DescribeInstancesResponse page = await clients.Ec2(region).DescribeInstancesAsync(request, ct).ConfigureAwait(false);
            found.AddRange((page.Reservations ?? []).SelectMany(r => r.Instances ?? []));
            request.NextToken = page.NextToken;
        }
        while (!string.IsNullOrEmpty(request.NextToken));
        return found.GroupBy(i => i.Tags.First(t => t.Key == DetachedTag).Value, StringComparer.Ordinal)
            .ToDictionary(g => g.Key, IReadOnlyList<CloudInstance> (g) => [.. g.Select(i => new CloudInstance(i.InstanceId, i.Placement?.AvailabilityZone ?? "", UpToDate: false, InService: true))], StringComparer.Ordinal);
    });

    public Task DetachAsync(ClusterRef cluster, string instanceGroup, string instanceId, CancellationToken ct) => AwsFailures.GuardAsync(async () =>
    {
        string region = await regions.ForAsync(cluster, ct).ConfigureAwait(false);
        AutoScalingGroup? group = (await AllAsync(region, cluster.Name, ct).ConfigureAwait(false)).FirstOrDefault(g => TagOf(g, GroupTag) == instanceGroup);
        if (group?.Instances.Any(i => i.InstanceId == instanceId) != true)
            return true;

        // As kops: the tag first, so that a detached instance is never lost from sight.
        await clients.Ec2(region).CreateTagsAsync(new() { Resources = [instanceId], Tags = [new(DetachedTag, group.AutoScalingGroupName)] }, ct).ConfigureAwait(false);
        await clients.AutoScaling(region).DetachInstancesAsync(new() { AutoScalingGroupName = group.AutoScalingGroupName, InstanceIds = [instanceId], ShouldDecrementDesiredCapacity = false }, ct).ConfigureAwait(false);
        return true;
    });

    public Task DeregisterAsync(ClusterRef cluster, string instanceGroup, string instanceId, CancellationToken ct) => AwsFailures.GuardAsync(async () =>
    {
        string region = await regions.ForAsync(cluster, ct).ConfigureAwait(false);
        AutoScalingGroup? group = (await AllAsync(region, cluster.Name, ct).ConfigureAwait(false)).FirstOrDefault(g => TagOf(g, GroupTag) == instanceGroup);
        // Each guarded on its own: where one does not know the instance any more, or is gone itself, the others are still to be left.
        foreach (string target in group?.TargetGroupARNs ?? [])
            await AwsFailures.GuardAsync(() => clients.LoadBalancing(region).DeregisterTargetsAsync(new() { TargetGroupArn = target, Targets = [new() { Id = instanceId }] }, ct)).ConfigureAwait(false);
        foreach (string name in group?.LoadBalancerNames ?? [])
            await AwsFailures.GuardAsync(() => clients.ClassicLoadBalancing(region).DeregisterInstancesFromLoadBalancerAsync(new() { LoadBalancerName = name, Instances = [new() { InstanceId = instanceId }] }, ct)).ConfigureAwait(false);
        return true;
    });

    public Task TerminateAsync(ClusterRef cluster, string instanceId, CancellationToken ct) => AwsFailures.GuardAsync(async () =>
    {
        string region = await regions.ForAsync(cluster, ct).ConfigureAwait(false);
        await clients.Ec2(region).TerminateInstancesAsync(new TerminateInstancesRequest { InstanceIds = [instanceId] }, ct).ConfigureAwait(false);
        return true;
    });

    private async Task<List<AutoScalingGroup>> AllAsync(string region, string cluster, CancellationToken ct)
    {
        List<AutoScalingGroup> groups = [];
        var request = new DescribeAutoScalingGroupsRequest { Filters = [new Filter { Name = $"tag:{ClusterTag}", Values = [cluster] }] };
        do
        {
            DescribeAutoScalingGroupsResponse page = await clients.AutoScaling(region).DescribeAutoScalingGroupsAsync(request, ct).ConfigureAwait(false);
            groups.AddRange(page.AutoScalingGroups.Where(g => TagOf(g, ClusterTag) == cluster && TagOf(g, GroupTag).Length > 0));
            request.NextToken = page.NextToken;
        }
        while (request.NextToken is not null);
        return groups;
    }

    /// <summary>The version that new instances start from, as a number also where the group says <c>$Latest</c>.</summary>
    private async Task<string> CurrentAsync(string region, AsgTemplate? template, CancellationToken ct)
    {
        if (template?.Version is { } version && !version.StartsWith('$'))
            return Named(template, version);
        if (template is null)
            return "";

        var request = new DescribeLaunchTemplatesRequest();
        if (template.LaunchTemplateId is { } id)
            request.LaunchTemplateIds = [id];
        else
            request.LaunchTemplateNames = [template.LaunchTemplateName];
        var found = (await clients.Ec2(region).DescribeLaunchTemplatesAsync(request, ct).ConfigureAwait(false)).LaunchTemplates.Single();
        return Named(template, (template.Version == "$Latest" ? found.LatestVersionNumber : found.DefaultVersionNumber).ToString() ?? "");
    }

    private static CloudInstance Describe(Instance instance, string current)
    {
        // An instance without a template was started from something that is gone: kops counts it as old.
        bool upToDate = instance.LaunchTemplate is { } template && Named(template, template.Version ?? "") == current;
        return new(instance.InstanceId, instance.AvailabilityZone, upToDate, instance.LifecycleState == "InService");
    }

    private static AsgTemplate? TemplateOf(AutoScalingGroup group) => group.LaunchTemplate ?? group.MixedInstancesPolicy?.LaunchTemplate?.LaunchTemplateSpecification;

    private static string Named(AsgTemplate template, string version) => $"{template.LaunchTemplateName ?? template.LaunchTemplateId}:{version}";

    private static string TagOf(AutoScalingGroup group, string key) => group.Tags.FirstOrDefault(t => t.Key == key)?.Value ?? "";
}
