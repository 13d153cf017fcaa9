using System.Globalization;
using Amazon.AutoScaling.Internal;
using Amazon.AutoScaling.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Rotation.Activities.AwsQuery;

namespace Amazon.AutoScaling;

/// <summary>The calls of AutoScaling that we make, over AWSSDK.Core's credentials, signer and retries.</summary>
public interface IAmazonAutoScaling : IDisposable
{
    /// <summary>One page of groups.</summary>
    Task<DescribeAutoScalingGroupsResponse> DescribeAutoScalingGroupsAsync(DescribeAutoScalingGroupsRequest request, CancellationToken cancellationToken = default);

    /// <summary>Takes instances out of a group.</summary>
    Task<DetachInstancesResponse> DetachInstancesAsync(DetachInstancesRequest request, CancellationToken cancellationToken = default);
}

/// <summary>A failure that the service answered.</summary>
public sealed class AmazonAutoScalingException(string message, Exception? innerException, ErrorType errorType, string errorCode, string requestId, System.Net.HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

/// <summary>Stand-in for the client of AWSSDK.AutoScaling; see docs/adr/0004-autoscaling-stand-in.md.</summary>
public sealed class AmazonAutoScalingClient(AmazonAutoScalingConfig config) : QueryServiceClient(config, "Auto Scaling"), IAmazonAutoScaling
{
    private const string Service = "Amazon.AutoScaling";

    /// <inheritdoc/>
    public Task<DescribeAutoScalingGroupsResponse> DescribeAutoScalingGroupsAsync(DescribeAutoScalingGroupsRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeAutoScalingGroupsResponse>(request, new InvokeOptions { RequestMarshaller = new QueryMarshaller<DescribeAutoScalingGroupsRequest>(Service, config.ServiceVersion, Write), ResponseUnmarshaller = new DescribeUnmarshaller() }, cancellationToken);

    /// <inheritdoc/>
    public Task<DetachInstancesResponse> DetachInstancesAsync(DetachInstancesRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DetachInstancesResponse>(request, new InvokeOptions { RequestMarshaller = new QueryMarshaller<DetachInstancesRequest>(Service, config.ServiceVersion, Write), ResponseUnmarshaller = new DetachUnmarshaller() }, cancellationToken);

    private static void Write(DescribeAutoScalingGroupsRequest request, IDictionary<string, string> parameters)
    {
        parameters.AddList("AutoScalingGroupNames", request.AutoScalingGroupNames);
        foreach ((int at, Filter filter) in request.Filters.Index())
        {
            string prefix = string.Create(CultureInfo.InvariantCulture, $"Filters.member.{at + 1}");
            parameters.Add(prefix + ".Name", filter.Name);
            parameters.AddList(prefix + ".Values", filter.Values);
        }

        if (request.MaxRecords is { } most)
            parameters.Add("MaxRecords", most.ToString(CultureInfo.InvariantCulture));
        if (request.NextToken is { } token)
            parameters.Add("NextToken", token);
    }

    private static void Write(DetachInstancesRequest request, IDictionary<string, string> parameters)
    {
        parameters.Add("AutoScalingGroupName", request.AutoScalingGroupName);
        parameters.AddList("InstanceIds", request.InstanceIds);
        parameters.Add("ShouldDecrementDesiredCapacity", request.ShouldDecrementDesiredCapacity == true ? "true" : "false");
    }
}
