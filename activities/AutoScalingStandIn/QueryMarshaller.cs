using System.Globalization;
using Amazon.AutoScaling.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Transform;

namespace Amazon.AutoScaling.Internal;

/// <summary>Writes requests in the query protocol: parameters named <c>List.member.N.Field</c>.</summary>
internal sealed class QueryMarshaller : IMarshaller<IRequest, AmazonWebServiceRequest>
{
    public static QueryMarshaller Instance { get; } = new();

    public IRequest Marshall(AmazonWebServiceRequest input)
    {
        string action = input.GetType().Name[..^"Request".Length];
        var request = new DefaultRequest(input, "Amazon.AutoScaling") { HttpMethod = "POST", ResourcePath = "/", UseQueryString = false };
        request.Parameters.Add("Action", action);
        request.Parameters.Add("Version", "2011-01-01");
        switch (input)
        {
            case DescribeAutoScalingGroupsRequest describe:
                Add(request, describe);
                break;
            case DetachInstancesRequest detach:
                request.Parameters.Add("AutoScalingGroupName", detach.AutoScalingGroupName);
                AddList(request, "InstanceIds", detach.InstanceIds);
                request.Parameters.Add("ShouldDecrementDesiredCapacity", detach.ShouldDecrementDesiredCapacity == true ? "true" : "false");
                break;
            default:
                throw new NotSupportedException($"The stand-in for AutoScaling has no '{action}'.");
        }

        return request;
    }

    private static void Add(DefaultRequest request, DescribeAutoScalingGroupsRequest describe)
    {
        AddList(request, "AutoScalingGroupNames", describe.AutoScalingGroupNames);
        for (int i = 0; i < describe.Filters.Count; i++)
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"Filters.member.{i + 1}");
            request.Parameters.Add(prefix + ".Name", describe.Filters[i].Name);
            AddList(request, prefix + ".Values", describe.Filters[i].Values);
        }

        if (describe.MaxRecords is { } most)
            request.Parameters.Add("MaxRecords", most.ToString(CultureInfo.InvariantCulture));
        if (describe.NextToken is { } token)
            request.Parameters.Add("NextToken", token);
    }

    private static void AddList(DefaultRequest request, string name, List<string> values)
    {
        for (int i = 0; i < values.Count; i++)
            request.Parameters.Add(string.Create(CultureInfo.InvariantCulture, $"{name}.member.{i + 1}"), values[i]);
    }
}
