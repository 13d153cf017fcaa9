using System.Xml.Linq;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Aws;

/// <summary>The EC2 calls that kOps and a rolling update make.</summary>
internal sealed class Ec2Actions(LabWorld world)
{
    public object?[] Answer(AwsRequest request) => request.Action switch
    {
        "DescribeInstances" => DescribeInstances(request),
        "TerminateInstances" => TerminateInstances(request),
        "CreateTags" => Tag(request, add: true),
        "DeleteTags" => Tag(request, add: false),
        "DescribeLaunchTemplates" => [new XElement("launchTemplates", Templates(request).Select(Template))],
        "DescribeLaunchTemplateVersions" => DescribeVersions(request),
        "CreateLaunchTemplateVersion" => CreateVersion(request),
        "DescribeAvailabilityZones" => [new XElement("availabilityZoneInfo", world.Fleet.Groups.SelectMany(g => g.Zones).Distinct().Order().Select(Zone))],
        var unknown => throw new AwsException("InvalidAction", $"The lab's EC2 has no action '{unknown}'."),
    };

    private object?[] DescribeInstances(AwsRequest request)
    {
        var wanted = request.List("InstanceId");
        var all = world.Fleet.Instances.Where(i => i.Seen(world.CloudLag) is not null).Where(i => i.TerminatedAt is null || LabClock.Now - i.TerminatedAt < TimeSpan.FromMinutes(5)).ToList();
        if (wanted.FirstOrDefault(id => all.TrueForAll(i => i.Id != id)) is { } unknown)
            throw new AwsException("InvalidInstanceID.NotFound", $"The instance ID '{unknown}' does not exist");
        var found = all.Where(i => (wanted.Count == 0 || wanted.Contains(i.Id)) && request.Filters().All(f => Matches(i, f.Name, f.Values))).ToList();
        var (page, next) = Pages.Cut(found, request.Text("NextToken"), request.Text("MaxResults"));
        return
        [
            new XElement("reservationSet", page.Select(i => new XElement("item",
                new XElement("reservationId", "r-" + i.Id[2..]), new XElement("ownerId", "000000000000"), new XElement("instancesSet", Describe(i))))),
            next is null ? null : new XElement("nextToken", next),
        ];
    }

    private bool Matches(Instance instance, string name, IReadOnlyList<string> values) => name switch
    {
        "instance-state-name" => values.Contains(StatusReader.Name(instance.Seen(world.CloudLag) ?? instance.State)),
        "instance-id" => values.Contains(instance.Id),
        "tag-key" => Tags(instance).Any(t => values.Contains(t.Key)),
        _ when name.StartsWith("tag:", StringComparison.Ordinal) => Tags(instance).Any(t => t.Key == name[4..] && values.Contains(t.Value)),
        _ => throw new AwsException("InvalidParameterValue", $"The filter '{name}' is invalid"),
    };

    private static IEnumerable<KeyValuePair<string, string>> Tags(Instance instance) => instance.Group.Tags()
        .Append(new("aws:ec2launchtemplate:version", instance.TemplateVersion.ToString()))
        .Concat(instance.Detached ? [] : [new("aws:autoscaling:groupName", instance.Group.CloudName)])
        .Concat(instance.OwnTags.ToArray());

    private XElement Describe(Instance instance) => new("item",
        new XElement("instanceId", instance.Id),
        new XElement("imageId", "ami-00000000000000000"),
        State("instanceState", instance.Seen(world.CloudLag) ?? instance.State),
        new XElement("privateDnsName", instance.Id + ".ec2.internal"),
        new XElement("instanceType", "t3.medium"),
        new XElement("launchTime", instance.LaunchedAt.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'")),
        new XElement("placement", new XElement("availabilityZone", instance.Zone), new XElement("tenancy", "default")),
        new XElement("privateIpAddress", instance.PrivateAddress),
        new XElement("tagSet", Tags(instance).Select(t => new XElement("item", new XElement("key", t.Key), new XElement("value", t.Value)))));

    private object?[] TerminateInstances(AwsRequest request)
    {
        var wanted = request.List("InstanceId");
        var before = wanted.Select(id => world.Fleet.Find(id) ?? throw new AwsException("InvalidInstanceID.NotFound", $"The instance ID '{id}' does not exist"))
            .Select(i => (Instance: i, i.State)).ToList();
        foreach (var (instance, _) in before)
            world.Fleet.Terminate(instance.Id, "TerminateInstances");
        return [new XElement("instancesSet", before.Select(b => new XElement("item",
            new XElement("instanceId", b.Instance.Id), State("currentState", b.Instance.State), State("previousState", b.State))))];
    }

    private object?[] Tag(AwsRequest request, bool add)
    {
        foreach (var id in request.List("ResourceId"))
        {
            var instance = world.Fleet.Find(id) ?? throw new AwsException("InvalidID", $"The ID '{id}' is not valid");
            for (var n = 1; request.Text($"Tag.{n}.Key") is { } key; n++)
                world.Fleet.Locked(() => add ? (instance.OwnTags[key] = request.Text($"Tag.{n}.Value") ?? "") : instance.OwnTags.Remove(key).ToString());
        }

        return [new XElement("return", "true")];
    }

    private IEnumerable<InstanceGroup> Templates(AwsRequest request)
    {
        var ids = request.List("LaunchTemplateId");
        var names = request.List("LaunchTemplateName");
        return world.Fleet.Groups.Where(g => (ids.Count == 0 || ids.Contains(g.TemplateId)) && (names.Count == 0 || names.Contains(g.CloudName)));
    }

    private static XElement Template(InstanceGroup group) => new("item",
        new XElement("launchTemplateId", group.TemplateId),
        new XElement("launchTemplateName", group.CloudName),
        new XElement("defaultVersionNumber", 1),
        new XElement("latestVersionNumber", group.TemplateVersion),
        new XElement("tagSet", group.Tags().Select(t => new XElement("item", new XElement("key", t.Key), new XElement("value", t.Value)))));

    private InstanceGroup One(AwsRequest request)
    {
        var (id, name) = (request.Text("LaunchTemplateId"), request.Text("LaunchTemplateName"));
        return world.Fleet.Groups.FirstOrDefault(g => g.TemplateId == id || g.CloudName == name)
            ?? throw new AwsException("InvalidLaunchTemplateId.NotFound", $"The specified launch template, '{id ?? name}', does not exist.");
    }

    private object?[] DescribeVersions(AwsRequest request)
    {
        var group = One(request);
        var wanted = request.List("LaunchTemplateVersion").Select(v => v is "$Latest" ? group.TemplateVersion.ToString() : v is "$Default" ? "1" : v).ToList();
        var versions = Enumerable.Range(1, group.TemplateVersion).Where(v => wanted.Count == 0 || wanted.Contains(v.ToString()));
        return [new XElement("launchTemplateVersionSet", versions.Select(v => Version(group, v)))];
    }

    private static object?[] Content(InstanceGroup group, int version) =>
    [
        new XElement("launchTemplateId", group.TemplateId), new XElement("launchTemplateName", group.CloudName), new XElement("versionNumber", version),
        new XElement("defaultVersion", version == 1 ? "true" : "false"),
    ];

    private static XElement Version(InstanceGroup group, int version) => new("item", Content(group, version));

    private object?[] CreateVersion(AwsRequest request)
    {
        var group = One(request);
        var version = world.Fleet.Locked(() => ++group.TemplateVersion);
        world.Log.Add(new LabEvent { Kind = LabEvents.LaunchTemplateVersion, Group = group.Name, Detail = version.ToString() });
        return [new XElement("launchTemplateVersion", Content(group, version))];
    }

    private static XElement Zone(string zone) => new("item",
        new XElement("zoneName", zone), new XElement("zoneState", "available"), new XElement("regionName", zone[..^1]));

    private static XElement State(string name, InstanceState state) => new(name,
        new XElement("code", state switch { InstanceState.Pending => 0, InstanceState.Running => 16, InstanceState.ShuttingDown => 32, _ => 48 }),
        new XElement("name", StatusReader.Name(state)));
}
