using System.Globalization;
using System.Net;
using System.Xml.Linq;
using Amazon.AutoScaling.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.AutoScaling.Internal;

/// <summary>Reads an answer of the query protocol; its failures become typed.</summary>
internal abstract class QueryUnmarshaller : XmlResponseUnmarshaller
{
    public sealed override AmazonWebServiceResponse Unmarshall(XmlUnmarshallerContext input) => Read(Document(input));

    public sealed override AmazonServiceException UnmarshallException(XmlUnmarshallerContext input, Exception innerException, HttpStatusCode statusCode)
    {
        XElement root = Document(input);
        XElement? error = Child(root, "Error");
        ErrorType type = Text(error, "Type") == "Sender" ? ErrorType.Sender : ErrorType.Receiver;
        return new AmazonAutoScalingException(Text(error, "Message") ?? "No message.", innerException, type, Text(error, "Code") ?? statusCode.ToString(), Text(root, "RequestId") ?? "", statusCode);
    }

    protected abstract AmazonWebServiceResponse Read(XElement root);

    protected static string? Text(XElement? parent, string name) => Child(parent, name)?.Value;

    protected static XElement? Child(XElement? parent, string name) => parent?.Elements().FirstOrDefault(e => e.Name.LocalName == name);

    protected static IEnumerable<XElement> Members(XElement? parent, string name) => Child(parent, name)?.Elements().Where(e => e.Name.LocalName == "member") ?? [];

    protected static int? Number(XElement parent, string name) => int.TryParse(Text(parent, name), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static XElement Document(XmlUnmarshallerContext input)
    {
        using var reader = new StreamReader(input.Stream);
        return XDocument.Parse(reader.ReadToEnd()).Root!;
    }
}

/// <summary>Reads a detach's answer: there is nothing in it that we use.</summary>
internal sealed class DetachUnmarshaller : QueryUnmarshaller
{
    protected override AmazonWebServiceResponse Read(XElement root) => new DetachInstancesResponse();
}

/// <summary>Reads a page of groups.</summary>
internal sealed class DescribeUnmarshaller : QueryUnmarshaller
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
