using Amazon.Runtime;

namespace Amazon.ElasticLoadBalancing.Model;

#pragma warning disable CA2227, CA1002 // Shaped exactly as AWSSDK.ElasticLoadBalancing shapes it: see docs/adr/0004-autoscaling-stand-in.md.

/// <summary>Takes instances out of a classic load balancer.</summary>
public sealed class DeregisterInstancesFromLoadBalancerRequest : AmazonWebServiceRequest
{
    /// <summary>The load balancer.</summary>
    public string LoadBalancerName { get; set; } = "";

    /// <summary>The instances.</summary>
    public List<Instance> Instances { get; set; } = [];
}

/// <summary>Answer to that.</summary>
public sealed class DeregisterInstancesFromLoadBalancerResponse : AmazonWebServiceResponse;

/// <summary>An instance.</summary>
public sealed class Instance
{
    /// <summary>Its id.</summary>
    public string InstanceId { get; set; } = "";
}
