using System.Xml.Linq;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Aws;

/// <summary>The ELBv2 calls around the API's load balancer, which has one target group.</summary>
internal sealed class LoadBalancingActions(LabWorld world)
{
    public object?[] Answer(AwsRequest request) => request.Action switch
    {
        "DescribeTargetGroups" => [new XElement("TargetGroups", new XElement("member",
            new XElement("TargetGroupArn", Arn), new XElement("TargetGroupName", "api"), new XElement("Protocol", "TCP"), new XElement("Port", 443)))],
        "DescribeTargetHealth" => [new XElement("TargetHealthDescriptions", world.Balancer.Targets.Select(Health))],
        "DeregisterTargets" => Deregister(request),
        var unknown => throw new AwsException("InvalidAction", $"The lab's ELBv2 has no action '{unknown}'."),
    };

    private string Arn => $"arn:aws:elasticloadbalancing:us-east-1:000000000000:targetgroup/api-{world.Options.ClusterName}/0000000000000000";

    private static XElement Health(ApiTarget target) => new("member",
        new XElement("Target", new XElement("Id", target.InstanceId), new XElement("Port", target.Port)),
        new XElement("TargetHealth", new XElement("State", target.IsHealthy() ? "healthy" : "unhealthy")));

    private object?[] Deregister(AwsRequest request)
    {
        for (var n = 1; request.Text($"Targets.member.{n}.Id") is { } id; n++)
        {
            if (world.Balancer.Deregister(id) && world.Fleet.Find(id) is { } instance)
                world.Log.Add(LabEvents.TargetDeregistered, instance);
        }

        return [];
    }
}
