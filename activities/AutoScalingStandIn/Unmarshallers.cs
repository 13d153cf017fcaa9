using System.Net;
using System.Xml.Linq;
using Amazon.AutoScaling.Model;
using Amazon.Runtime;
using Rotation.Activities.AwsQuery;

namespace Amazon.AutoScaling.Internal;

/// <summary>Reads an answer of AutoScaling.</summary>
internal abstract class AutoScalingAnswer : QueryAnswer
{
    protected sealed override AmazonServiceException Fail(string message, Exception innerException, ErrorType type, string code, string requestId, HttpStatusCode status) =>
        new AmazonAutoScalingException(message, innerException, type, code, requestId, status);
}

/// <summary>Reads a detach's answer: there is nothing in it that we use.</summary>
internal sealed class DetachUnmarshaller : AutoScalingAnswer
{
    protected override AmazonWebServiceResponse Read(XElement root) => new DetachInstancesResponse();
}

/// <summary>Reads a page of groups.</summary>
internal sealed class DescribeUnmarshaller : AutoScalingAnswer
{
    protected override AmazonWebServiceResponse Read(XElement root)
    {
        XElement? result = Child(root, "DescribeAutoScalingGroupsResult");
        return new DescribeAutoScalingGroupsResponse { AutoScalingGroups = [.. Members(result, "AutoScalingGroups").Select(Group)], NextToken = Text(result, "NextToken") is { Length: > 0 } token ? token : null };
    }

    private static AutoScalingGroup Group(XElement group) => new()
    {
        AutoScalingGroupName = Text(group, "AutoScalingGroupName") ?? "",
        DesiredCapacity = Number(group, "DesiredCapacity"),
        MinSize = Number(group, "MinSize"),
        MaxSize = Number(group, "MaxSize"),
        LaunchTemplate = Template(Child(group, "LaunchTemplate")),
        MixedInstancesPolicy = Child(group, "MixedInstancesPolicy") is { } policy
            ? new() { LaunchTemplate = new() { LaunchTemplateSpecification = Template(Child(Child(policy, "LaunchTemplate"), "LaunchTemplateSpecification")) } }
            : null,
        TargetGroupARNs = [.. Members(group, "TargetGroupARNs").Select(m => m.Value)],
        LoadBalancerNames = [.. Members(group, "LoadBalancerNames").Select(m => m.Value)],
        Instances = [.. Members(group, "Instances").Select(Instance)],
        Tags = [.. Members(group, "Tags").Select(t => new TagDescription { Key = Text(t, "Key") ?? "", Value = Text(t, "Value") ?? "" })],
    };

    private static Instance Instance(XElement instance) => new()
    {
        InstanceId = Text(instance, "InstanceId") ?? "",
        AvailabilityZone = Text(instance, "AvailabilityZone") ?? "",
        LifecycleState = Text(instance, "LifecycleState") ?? "",
        HealthStatus = Text(instance, "HealthStatus") ?? "",
        LaunchTemplate = Template(Child(instance, "LaunchTemplate")),
    };

    private static LaunchTemplateSpecification? Template(XElement? template) => template is null
        ? null
        : new() { LaunchTemplateId = Text(template, "LaunchTemplateId"), LaunchTemplateName = Text(template, "LaunchTemplateName"), Version = Text(template, "Version") };
}
