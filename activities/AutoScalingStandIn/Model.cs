using Amazon.Runtime;

namespace Amazon.AutoScaling.Model;

#pragma warning disable CA2227, CA1002 // Shaped exactly as AWSSDK.AutoScaling shapes it: see docs/adr/0004-autoscaling-stand-in.md.

/// <summary>Request of every call of the service.</summary>
public abstract class AmazonAutoScalingRequest : AmazonWebServiceRequest;

/// <summary>A filter by tag.</summary>
public sealed class Filter
{
    /// <summary>Such as <c>tag:KubernetesCluster</c>.</summary>
    public string Name { get; set; } = "";

    /// <summary>Any of these.</summary>
    public List<string> Values { get; set; } = [];
}

/// <summary>Asks for groups.</summary>
public sealed class DescribeAutoScalingGroupsRequest : AmazonAutoScalingRequest
{
    /// <summary>By tag.</summary>
    public List<Filter> Filters { get; set; } = [];

    /// <summary>By name.</summary>
    public List<string> AutoScalingGroupNames { get; set; } = [];

    /// <summary>Most groups of a page; null: as many as AWS likes.</summary>
    public int? MaxRecords { get; set; }

    /// <summary>Where the page begins.</summary>
    public string? NextToken { get; set; }
}

/// <summary>A page of groups.</summary>
public sealed class DescribeAutoScalingGroupsResponse : AmazonWebServiceResponse
{
    /// <summary>The groups.</summary>
    public List<AutoScalingGroup> AutoScalingGroups { get; set; } = [];

    /// <summary>Where the next page begins, or null.</summary>
    public string? NextToken { get; set; }
}

/// <summary>Takes instances out of a group.</summary>
public sealed class DetachInstancesRequest : AmazonAutoScalingRequest
{
    /// <summary>The group.</summary>
    public string AutoScalingGroupName { get; set; } = "";

    /// <summary>The instances.</summary>
    public List<string> InstanceIds { get; set; } = [];

    /// <summary>False: the group starts replacements.</summary>
    public bool? ShouldDecrementDesiredCapacity { get; set; }
}

/// <summary>Answer to a detach.</summary>
public sealed class DetachInstancesResponse : AmazonWebServiceResponse;

/// <summary>A group.</summary>
public sealed class AutoScalingGroup
{
    /// <summary>Name.</summary>
    public string AutoScalingGroupName { get; set; } = "";

    /// <summary>Instances wanted.</summary>
    public int? DesiredCapacity { get; set; }

    /// <summary>Instances at least.</summary>
    public int? MinSize { get; set; }

    /// <summary>Instances at most.</summary>
    public int? MaxSize { get; set; }

    /// <summary>Template of new instances, unless a mixed policy has it.</summary>
    public LaunchTemplateSpecification? LaunchTemplate { get; set; }

    /// <summary>Mixed policy.</summary>
    public MixedInstancesPolicy? MixedInstancesPolicy { get; set; }

    /// <summary>Target groups that its instances are registered in.</summary>
    public List<string> TargetGroupARNs { get; set; } = [];

    /// <summary>Classic load balancers that its instances are registered in.</summary>
    public List<string> LoadBalancerNames { get; set; } = [];

    /// <summary>Its instances.</summary>
    public List<Instance> Instances { get; set; } = [];

    /// <summary>Its tags.</summary>
    public List<TagDescription> Tags { get; set; } = [];
}

/// <summary>A mixed policy.</summary>
public sealed class MixedInstancesPolicy
{
    /// <summary>Its template.</summary>
    public LaunchTemplate? LaunchTemplate { get; set; }
}

/// <summary>A template of a mixed policy.</summary>
public sealed class LaunchTemplate
{
    /// <summary>Which.</summary>
    public LaunchTemplateSpecification? LaunchTemplateSpecification { get; set; }
}

/// <summary>A version of a launch template.</summary>
public sealed class LaunchTemplateSpecification
{
    /// <summary>Id.</summary>
    public string? LaunchTemplateId { get; set; }

    /// <summary>Name.</summary>
    public string? LaunchTemplateName { get; set; }

    /// <summary>A number, <c>$Latest</c> or <c>$Default</c>.</summary>
    public string? Version { get; set; }
}

/// <summary>An instance of a group.</summary>
public sealed class Instance
{
    /// <summary>Id.</summary>
    public string InstanceId { get; set; } = "";

    /// <summary>Zone.</summary>
    public string AvailabilityZone { get; set; } = "";

    /// <summary>Such as <c>InService</c>.</summary>
    public string LifecycleState { get; set; } = "";

    /// <summary>Such as <c>Healthy</c>.</summary>
    public string HealthStatus { get; set; } = "";

    /// <summary>Template it was started from.</summary>
    public LaunchTemplateSpecification? LaunchTemplate { get; set; }
}

/// <summary>A tag.</summary>
public sealed class TagDescription
{
    /// <summary>Key.</summary>
    public string Key { get; set; } = "";

    /// <summary>Value.</summary>
    public string Value { get; set; } = "";
}
