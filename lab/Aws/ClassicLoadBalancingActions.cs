using System.Xml.Linq;
using Rotation.Lab.Cluster;

namespace Rotation.Lab.Aws;

/// <summary>The calls of classic Elastic Load Balancing around the API's load balancer, where the cluster asks for a classic one.</summary>
internal sealed class ClassicLoadBalancingActions(LabWorld world)
{
    public object?[] Answer(AwsRequest request) => request.Action switch
    {
        "DescribeLoadBalancers" => [new XElement("LoadBalancerDescriptions", Named(request.List("LoadBalancerNames")).Select(Describe))],
        "DescribeInstanceHealth" => [new XElement("InstanceStates", Health(Asked(request)))],
        "DeregisterInstancesFromLoadBalancer" => Deregister(Asked(request)),
        var unknown => throw new AwsException("InvalidAction", $"The lab's classic ELB has no action '{unknown}'."),
    };

    private IEnumerable<string> Named(IReadOnlyList<string> names)
    {
        foreach (var name in names)
            Check(name);
        return world.Balancer.ClassicName is { } classic ? [classic] : [];
    }

    private void Check(string name)
    {
        if (name != world.Balancer.ClassicName)
            throw new AwsException("LoadBalancerNotFound", $"There is no ACTIVE Load Balancer named '{name}'");
    }

    private XElement Describe(string name) => new("member", new XElement("LoadBalancerName", name), new XElement("Scheme", "internet-facing"), Registered());

    private XElement Registered() => new("Instances", world.Balancer.Targets.Select(t => new XElement("member", new XElement("InstanceId", t.InstanceId))));

    private IReadOnlyList<string> Asked(AwsRequest request)
    {
        Check(request.Required("LoadBalancerName"));
        IReadOnlyList<string> asked = request.List("Instances", "InstanceId");
        return asked.FirstOrDefault(id => world.Fleet.Find(id) is null) is { } unknown ? throw new AwsException("InvalidInstance", $"Could not find EC2 instance {unknown}.") : asked;
    }

    private IEnumerable<XElement> Health(IReadOnlyList<string> asked) =>
        from target in world.Balancer.Targets
        where asked.Count == 0 || asked.Contains(target.InstanceId)
        select new XElement("member", new XElement("InstanceId", target.InstanceId), new XElement("State", target.IsHealthy() ? "InService" : "OutOfService"));

    private object?[] Deregister(IReadOnlyList<string> asked)
    {
        LoadBalancingActions.Leave(world, asked);
        return [Registered()];
    }
}
