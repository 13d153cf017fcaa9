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
    /// <inheritdoc/>
    public Task<DescribeAutoScalingGroupsResponse> DescribeAutoScalingGroupsAsync(DescribeAutoScalingGroupsRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeAutoScalingGroupsResponse>(request, new InvokeOptions { RequestMarshaller = QueryMarshaller.Instance, ResponseUnmarshaller = new DescribeUnmarshaller() }, cancellationToken);

    /// <inheritdoc/>
    public Task<DetachInstancesResponse> DetachInstancesAsync(DetachInstancesRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DetachInstancesResponse>(request, new InvokeOptions { RequestMarshaller = QueryMarshaller.Instance, ResponseUnmarshaller = new DetachUnmarshaller() }, cancellationToken);
}
