using System.Xml.Linq;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Aws;

/// <summary>The ELBv2 calls around the API's load balancer, which has one target group.</summary>
internal sealed class LoadBalancingActions(LabWorld world)
{
    public object?[] Answer(AwsRequest request) => request.Action switch
    {
        "DescribeTargetGroups" => [new XElement("TargetGroups", new XElement("member",
            new XElement("TargetGroupArn", Arn(world)), new XElement("TargetGroupName", "api"), new XElement("Protocol", "TCP"), new XElement("Port", 443)))],
        "DescribeTargetHealth" => [new XElement("TargetHealthDescriptions", Health(request))],
        "DeregisterTargets" => Deregister(request),
        var unknown => throw new AwsException("InvalidAction", $"The lab's ELBv2 has no action '{unknown}'."),
    };

    /// <summary>ARN of the target group of the API's load balancer.</summary>
    public static string Arn(LabWorld world) => $"arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/api-{world.Options.ClusterName}/0000000000000000";

    // AWS answers for every target that is asked for by name, registered or not.
    private IEnumerable<XElement> Health(AwsRequest request)
    {
        IReadOnlyList<string> asked = request.List("Targets", "Id");
        IReadOnlyList<ApiTarget> targets = world.Balancer.Targets;
        if (asked.Count == 0)
            return targets.Select(Health);
        return asked.Select(id => targets.FirstOrDefault(t => t.InstanceId == id) is { } target ? Health(target) : Unused(id));
    }

    private static XElement Unused(string id) => new("member",
        new XElement("Target", new XElement("Id", id)),
        new XElement("TargetHealth", new XElement("State", "unused"), new XElement("Reason", "Target.NotRegistered")));

    private static XElement Health(ApiTarget target) => new("member",
        new XElement("Target", new XElement("Id", target.InstanceId), new XElement("Port", target.Port)),
        new XElement("TargetHealth", new XElement("State", target.IsHealthy() ? "healthy" : "unhealthy")));

    private object?[] Deregister(AwsRequest request)
    {
        if (world.Balancer.ClassicName is not null || request.Required("TargetGroupArn") != Arn(world))
            throw new AwsException("TargetGroupNotFound", "One or more target groups not found");
        IReadOnlyList<string> asked = request.List("Targets", "Id");
        if (asked.FirstOrDefault(id => world.Fleet.Find(id) is null) is { } unknown)
            throw new AwsException("InvalidTarget", $"The following targets are not in a registrable state: '{unknown}'");
        Leave(world, asked);
        return [];
    }

    /// <summary>Takes instances out of the API's load balancer, whatever its kind.</summary>
    public static void Leave(LabWorld world, IEnumerable<string> instances)
    {
        foreach (var id in instances)
        {
            if (world.Balancer.Deregister(id) && world.Fleet.Find(id) is { } instance)
                world.Log.Add(LabEvents.TargetDeregistered, instance);
        }
    }
}
