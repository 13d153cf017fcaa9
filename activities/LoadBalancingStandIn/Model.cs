using Amazon.Runtime;

namespace Amazon.ElasticLoadBalancingV2.Model;

#pragma warning disable CA2227, CA1002 // Shaped exactly as AWSSDK.ElasticLoadBalancingV2 shapes it: see docs/adr/0004-autoscaling-stand-in.md.

/// <summary>Takes targets out of a target group.</summary>
public sealed class DeregisterTargetsRequest : AmazonWebServiceRequest
{
    /// <summary>The target group.</summary>
    public string TargetGroupArn { get; set; } = "";

    /// <summary>The targets.</summary>
    public List<TargetDescription> Targets { get; set; } = [];
}

/// <summary>Answer to that.</summary>
public sealed class DeregisterTargetsResponse : AmazonWebServiceResponse;

/// <summary>A target.</summary>
public sealed class TargetDescription
{
    /// <summary>Id of the instance.</summary>
    public string Id { get; set; } = "";
}
