using System.Xml.Linq;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Aws;

/// <summary>The AutoScaling calls that kOps and a rolling update make.</summary>
internal sealed class AutoScalingActions(LabWorld world)
{
    private const int DefaultPage = 50;

    public object?[] Answer(AwsRequest request) => request.Action switch
    {
        "DescribeAutoScalingGroups" => DescribeGroups(request),
        "DescribeAutoScalingInstances" => [new XElement("AutoScalingInstances", world.Fleet.Instances.Where(IsListed)
            .Where(i => request.List("InstanceIds") is { Count: 0 } || request.List("InstanceIds").Contains(i.Id)).Select(i => Member(i, withGroup: true)))],
        "UpdateAutoScalingGroup" => Update(request),
        "SetDesiredCapacity" => Change(Group(request), g => g.Desired = Capacity(g, request.Required("DesiredCapacity"))),
        "TerminateInstanceInAutoScalingGroup" => Terminate(request),
        "DetachInstances" => Detach(request),
        "SuspendProcesses" => Change(Group(request), g => g.SuspendedProcesses.UnionWith(Processes(request))),
        "ResumeProcesses" => Change(Group(request), g => g.SuspendedProcesses.ExceptWith(Processes(request))),
        "CreateOrUpdateTags" => [],
        var unknown => throw new AwsException("InvalidAction", $"The lab's AutoScaling has no action '{unknown}'."),
    };

    private static IReadOnlyList<string> Processes(AwsRequest request) =>
        request.List("ScalingProcesses") is { Count: > 0 } named ? named : ["Launch", "Terminate", "AZRebalance", "ReplaceUnhealthy"];

    private bool IsListed(Instance instance) => !instance.Detached && instance.Seen(world.CloudLag) is { } state && state != InstanceState.Terminated;

    private object?[] DescribeGroups(AwsRequest request)
    {
        var names = request.List("AutoScalingGroupNames");
        var found = world.Fleet.Groups.Where(g => (names.Count == 0 || names.Contains(g.CloudName)) && request.Filters().All(f => Matches(g, f.Name, f.Values))).ToList();
        var (page, next) = Pages.Cut(found, request.Text("NextToken"), request.Text("MaxRecords") ?? DefaultPage.ToString());
        var instances = world.Fleet.Instances;
        return
        [
            new XElement("AutoScalingGroups", page.Select(g => Describe(g, instances.Where(i => i.Group == g && IsListed(i))))),
            next is null ? null : new XElement("NextToken", next),
        ];
    }

    private static bool Matches(InstanceGroup group, string name, IReadOnlyList<string> values) => name switch
    {
        "tag-key" => group.Tags().Exists(t => values.Contains(t.Key)),
        "tag-value" => group.Tags().Exists(t => values.Contains(t.Value)),
        _ when name.StartsWith("tag:", StringComparison.Ordinal) => group.Tags().Exists(t => t.Key == name[4..] && values.Contains(t.Value)),
        _ => throw new AwsException("ValidationError", $"The filter '{name}' is not supported"),
    };

    private XElement Describe(InstanceGroup group, IEnumerable<Instance> instances) => new("member",
        new XElement("AutoScalingGroupName", group.CloudName),
        new XElement("AutoScalingGroupARN", "arn:aws:autoscaling:us-east-1:000000000000:autoScalingGroup:" + group.CloudName),
        new XElement("MinSize", group.MinSize),
        new XElement("MaxSize", group.MaxSize),
        new XElement("DesiredCapacity", group.Desired),
        new XElement("DefaultCooldown", 300),
        new XElement("CreatedTime", "2026-01-01T00:00:00.000Z"),
        new XElement("HealthCheckType", "EC2"),
        new XElement("AvailabilityZones", group.Zones.Select(z => new XElement("member", z))),
        Template(group, "$Latest"),
        new XElement("TargetGroupARNs", group.Role == GroupRole.ControlPlane && world.Balancer.ClassicName is null ? new XElement("member", LoadBalancingActions.Arn(world)) : null),
        new XElement("LoadBalancerNames", group.Role == GroupRole.ControlPlane && world.Balancer.ClassicName is { } classic ? new XElement("member", classic) : null),
        new XElement("Instances", instances.Select(i => Member(i, withGroup: false))),
        new XElement("SuspendedProcesses", group.SuspendedProcesses.Select(p => new XElement("member", new XElement("ProcessName", p), new XElement("SuspensionReason", "User suspended")))),
        new XElement("Tags", group.Tags().Select(t => new XElement("member",
            new XElement("Key", t.Key), new XElement("Value", t.Value), new XElement("PropagateAtLaunch", "true"),
            new XElement("ResourceId", group.CloudName), new XElement("ResourceType", "auto-scaling-group")))));

    private XElement Member(Instance instance, bool withGroup) => new("member",
        new XElement("InstanceId", instance.Id),
        withGroup ? new XElement("AutoScalingGroupName", instance.Group.CloudName) : null,
        new XElement("AvailabilityZone", instance.Zone),
        new XElement("InstanceType", "t3.medium"),
        new XElement("LifecycleState", instance.Seen(world.CloudLag) switch { InstanceState.Pending => "Pending", InstanceState.Running => "InService", _ => "Terminating" }),
        new XElement("HealthStatus", instance.Seen(world.CloudLag) is InstanceState.Pending or InstanceState.Running ? "Healthy" : "Unhealthy"),
        new XElement("ProtectedFromScaleIn", "false"),
        Template(instance.Group, instance.TemplateVersion.ToString()));

    private static XElement Template(InstanceGroup group, string version) => new("LaunchTemplate",
        new XElement("LaunchTemplateId", group.TemplateId), new XElement("LaunchTemplateName", group.CloudName), new XElement("Version", version));

    private InstanceGroup Group(AwsRequest request)
    {
        var name = request.Required("AutoScalingGroupName");
        return world.Fleet.Groups.FirstOrDefault(g => g.CloudName == name) ?? throw new AwsException("ValidationError", $"AutoScalingGroup name not found - {name}");
    }

    private object?[] Change(InstanceGroup group, Action<InstanceGroup> change)
    {
        world.Fleet.Locked(() =>
        {
            change(group);
            return true;
        });
        world.Fleet.Reconcile();
        return [];
    }

    private object?[] Update(AwsRequest request) => Change(Group(request), g =>
    {
        g.MinSize = int.Parse(request.Text("MinSize") ?? g.MinSize.ToString());
        g.MaxSize = int.Parse(request.Text("MaxSize") ?? g.MaxSize.ToString());
        g.Desired = Capacity(g, request.Text("DesiredCapacity") ?? Math.Clamp(g.Desired, g.MinSize, g.MaxSize).ToString());
    });

    private static int Capacity(InstanceGroup group, string text)
    {
        var desired = int.Parse(text);
        return desired >= group.MinSize && desired <= group.MaxSize
            ? desired
            : throw new AwsException("ValidationError", $"New SetDesiredCapacity value {desired} is outside of the limits {group.MinSize} to {group.MaxSize} of the group.");
    }

    private object?[] Terminate(AwsRequest request)
    {
        var id = request.Required("InstanceId");
        if (world.Fleet.Find(id) is not { Detached: false, Alive: true } instance)
            throw new AwsException("ValidationError", $"Instance Id not found - No managed instance found for instance ID: {id}");
        if (request.Flag("ShouldDecrementDesiredCapacity"))
            world.Fleet.Locked(() => instance.Group.Desired--);
        world.Fleet.Terminate(id, "TerminateInstanceInAutoScalingGroup");
        return [new XElement("Activity", Activity(instance, $"Terminating EC2 instance: {id}"))];
    }

    private object?[] Detach(AwsRequest request)
    {
        var group = Group(request);
        var detached = request.List("InstanceIds").Select(id => world.Fleet.Find(id) is { } i && i.Group == group && i.Alive && !i.Detached
            ? i
            : throw new AwsException("ValidationError", $"The instance {id} is not part of Auto Scaling group {group.CloudName}.")).ToList();
        foreach (var instance in detached)
            world.Fleet.Detach(instance.Id, request.Flag("ShouldDecrementDesiredCapacity"));
        return [new XElement("Activities", detached.Select(i => new XElement("member", Activity(i, $"Detaching EC2 instance: {i.Id}"))))];
    }

    private static object?[] Activity(Instance instance, string description) =>
    [
        new XElement("ActivityId", Guid.NewGuid().ToString()), new XElement("AutoScalingGroupName", instance.Group.CloudName),
        new XElement("Description", description), new XElement("Cause", "user request"), new XElement("StatusCode", "InProgress"),
        new XElement("StartTime", LabClock.Now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'")), new XElement("Progress", 50),
    ];
}
