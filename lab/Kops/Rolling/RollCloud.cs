using System.Globalization;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using Rotation.Lab.Kops.Commands;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>The AWS side of a rolling update, with the calls that kops makes.</summary>
internal sealed class RollCloud(AwsQuery aws, string cluster, JsonNode? clusterSettings)
{
    private const string DetachedTag = "kops.k8s.io/detached-from-asg";

    /// <summary>The groups by name, each with its instances and their nodes.</summary>
    public async Task<IReadOnlyList<RolledGroup>> GroupsAsync(IReadOnlyList<JsonObject> groups, IReadOnlyList<JsonObject> nodes)
    {
        ILookup<string, JsonObject> byInstance = nodes.ToLookup(n => $"{n["spec"]?["providerID"]}".Split('/')[^1]);
        XElement[] scaling = await PagedAsync().ConfigureAwait(false);
        List<RolledGroup> found = [];
        foreach (JsonObject group in groups)
        {
            string name = GetInstanceGroups.NameOf(group);
            if (scaling.FirstOrDefault(s => TagOf(s, "kops.k8s.io/instancegroup") == name) is { } one)
                found.Add(await DescribeAsync(group, one, byInstance).ConfigureAwait(false));
        }

        return [.. found.OrderBy(g => g.Name, StringComparer.Ordinal)];
    }

    public async Task DetachAsync(RolledGroup group, RolledInstance instance)
    {
        await aws.Ec2Async("CreateTags", ("ResourceId.1", instance.Id), ("Tag.1.Key", DetachedTag), ("Tag.1.Value", group.CloudName)).ConfigureAwait(false);
        await aws.AutoScalingAsync("DetachInstances", ("AutoScalingGroupName", group.CloudName), ("InstanceIds.member.1", instance.Id), ("ShouldDecrementDesiredCapacity", "false")).ConfigureAwait(false);
    }

    /// <summary>Terminates an instance; one that AWS does not know any more is done.</summary>
    public async Task TerminateAsync(RolledInstance instance)
    {
        try
        {
            await aws.Ec2Async("TerminateInstances", ("InstanceId.1", instance.Id)).ConfigureAwait(false);
        }
        catch (KopsAwsError e) when (e.Code == "InvalidInstanceID.NotFound")
        {
            // Gone already.
        }
    }

    /// <summary>Whether a target group still sends an instance work; when it does, it is told to stop.</summary>
    public async Task<bool> DeregisterAsync(string targetGroup, RolledInstance instance)
    {
        XElement health = await aws.LoadBalancingAsync("DescribeTargetHealth", ("TargetGroupArn", targetGroup), ("Targets.member.1.Id", instance.Id)).ConfigureAwait(false);
        if (health.Descendants("TargetHealth").FirstOrDefault()?.Element("State")?.Value is null or "unused")
            return false;
        await aws.LoadBalancingAsync("DeregisterTargets", ("TargetGroupArn", targetGroup), ("Targets.member.1.Id", instance.Id)).ConfigureAwait(false);
        return true;
    }

    /// <summary>Whether a classic load balancer still sends an instance work; when it does, it is told to stop.</summary>
    public async Task<bool> LeaveClassicAsync(string balancer, RolledInstance instance)
    {
        (string Name, string Value)[] which = [("LoadBalancerName", balancer), ("Instances.member.1.InstanceId", instance.Id)];
        XElement health = await aws.ClassicLoadBalancingAsync("DescribeInstanceHealth", which).ConfigureAwait(false);
        if (health.Descendants("State").FirstOrDefault()?.Value != "InService")
            return false;
        await aws.ClassicLoadBalancingAsync("DeregisterInstancesFromLoadBalancer", which).ConfigureAwait(false);
        return true;
    }

    private async Task<XElement[]> PagedAsync()
    {
        List<XElement> all = [];
        (string Name, string Value)[] filter = [("Filters.member.1.Name", "tag:KubernetesCluster"), ("Filters.member.1.Values.member.1", cluster)];
        (string Name, string Value)[] page = [];
        do
        {
            XElement answer = await aws.AutoScalingAsync("DescribeAutoScalingGroups", [.. filter, .. page]).ConfigureAwait(false);
            all.AddRange(answer.Descendants("AutoScalingGroups").Elements("member"));
            page = answer.Descendants("NextToken").FirstOrDefault() is { } next ? [("NextToken", next.Value)] : [];
        }
        while (page.Length > 0);
        return [.. all];
    }

    private async Task<RolledGroup> DescribeAsync(JsonObject group, XElement scaling, ILookup<string, JsonObject> nodes)
    {
        string cloudName = scaling.Element("AutoScalingGroupName")!.Value;
        string template = scaling.Element("LaunchTemplate")!.Element("LaunchTemplateId")!.Value;
        XElement latest = await aws.Ec2Async("DescribeLaunchTemplates", ("LaunchTemplateId.1", template)).ConfigureAwait(false);
        string version = latest.Descendants("latestVersionNumber").First().Value;
        IEnumerable<RolledInstance> members = scaling.Element("Instances")!.Elements("member")
            .Where(m => m.Element("LifecycleState")!.Value != "Terminating")
            .Select(m => (Id: m.Element("InstanceId")!.Value, Version: m.Element("LaunchTemplate")!.Element("Version")!.Value))
            .Select(m => new RolledInstance(m.Id, m.Version == version, false, nodes[m.Id].FirstOrDefault()));
        XElement tagged = await aws.Ec2Async("DescribeInstances", ("Filter.1.Name", $"tag:{DetachedTag}"), ("Filter.1.Value.1", cloudName), ("Filter.2.Name", "instance-state-name"), ("Filter.2.Value.1", "running")).ConfigureAwait(false);
        IEnumerable<RolledInstance> detached = tagged.Descendants("instanceId").Select(i => new RolledInstance(i.Value, false, true, nodes[i.Value].FirstOrDefault()));
        RolledInstance[] instances = [.. members.Concat(detached).DistinctBy(i => i.Id)];
        return new(
            GetInstanceGroups.NameOf(group), GetInstanceGroups.RoleOf(group), cloudName, Number(scaling, "MinSize"), Number(scaling, "DesiredCapacity"), Number(scaling, "MaxSize"),
            Listed(scaling, "TargetGroupARNs"), Listed(scaling, "LoadBalancerNames"), instances, RollSettings.Of(group["spec"]?["rollingUpdate"], clusterSettings, instances.Length));
    }

    private static string[] Listed(XElement group, string name) => [.. group.Element(name)?.Elements("member").Select(m => m.Value) ?? []];

    private static int Number(XElement group, string name) => int.Parse(group.Element(name)!.Value, CultureInfo.InvariantCulture);

    private static string? TagOf(XElement group, string key) => group.Element("Tags")!.Elements("member").FirstOrDefault(t => t.Element("Key")!.Value == key)?.Element("Value")!.Value;
}
