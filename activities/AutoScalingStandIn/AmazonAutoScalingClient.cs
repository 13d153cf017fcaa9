using Amazon.AutoScaling.Internal;
using Amazon.AutoScaling.Model;
using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

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
public sealed class AmazonAutoScalingClient(AmazonAutoScalingConfig config) : AmazonServiceClient(config), IAmazonAutoScaling
{
    /// <inheritdoc/>
    protected override IServiceMetadata ServiceMetadata { get; } = new Metadata();

    /// <inheritdoc/>
    public Task<DescribeAutoScalingGroupsResponse> DescribeAutoScalingGroupsAsync(DescribeAutoScalingGroupsRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DescribeAutoScalingGroupsResponse>(request, new InvokeOptions { RequestMarshaller = QueryMarshaller.Instance, ResponseUnmarshaller = new DescribeUnmarshaller() }, cancellationToken);

    /// <inheritdoc/>
    public Task<DetachInstancesResponse> DetachInstancesAsync(DetachInstancesRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DetachInstancesResponse>(request, new InvokeOptions { RequestMarshaller = QueryMarshaller.Instance, ResponseUnmarshaller = new DetachUnmarshaller() }, cancellationToken);

    /// <inheritdoc/>
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new Resolver());
        pipeline.AddHandlerAfter<Resolver>(new AuthScheme());
    }

    private sealed class Resolver : BaseEndpointResolver
    {
        protected override void ServiceSpecificHandler(IExecutionContext executionContext, Amazon.Runtime.Endpoints.EndpointParameters parameters)
        {
            // Query requests go to the root of the endpoint; there is nothing to add.
        }

        protected override Amazon.Runtime.Endpoints.EndpointParameters MapEndpointsParameters(IRequestContext requestContext) => new();
    }

    private sealed class AuthScheme : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => [new AuthSchemeOption { SchemeId = "aws.auth#sigv4" }];
    }

    private sealed class Metadata : IServiceMetadata
    {
        public string ServiceId => "Auto Scaling";

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }
}
