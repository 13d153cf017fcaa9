using System.Net;
using System.Xml.Linq;
using Amazon.ElasticLoadBalancingV2.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Rotation.Activities.AwsQuery;

namespace Amazon.ElasticLoadBalancingV2;

/// <summary>The one call of ELBv2 that we make.</summary>
public interface IAmazonElasticLoadBalancingV2 : IDisposable
{
    /// <summary>Takes targets out of a target group; one that is not in it is no error. One that EC2 does not know is <c>InvalidTarget</c>, an unknown group <c>TargetGroupNotFound</c>.</summary>
    Task<DeregisterTargetsResponse> DeregisterTargetsAsync(DeregisterTargetsRequest request, CancellationToken cancellationToken = default);
}

/// <summary>Configuration of the client.</summary>
public sealed class AmazonElasticLoadBalancingV2Config() : QueryServiceConfig("elasticloadbalancing", "2015-12-01");

/// <summary>A failure that the service answered.</summary>
public sealed class AmazonElasticLoadBalancingV2Exception(string message, Exception? innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

/// <summary>Stand-in for the client of AWSSDK.ElasticLoadBalancingV2; see docs/adr/0004-autoscaling-stand-in.md.</summary>
public sealed class AmazonElasticLoadBalancingV2Client(AmazonElasticLoadBalancingV2Config config) : QueryServiceClient(config, "Elastic Load Balancing v2"), IAmazonElasticLoadBalancingV2
{
    /// <inheritdoc/>
    public Task<DeregisterTargetsResponse> DeregisterTargetsAsync(DeregisterTargetsRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DeregisterTargetsResponse>(request, new InvokeOptions { RequestMarshaller = new QueryMarshaller<DeregisterTargetsRequest>("Amazon.ElasticLoadBalancingV2", config.ServiceVersion, Write), ResponseUnmarshaller = new Answer() }, cancellationToken);

    private static void Write(DeregisterTargetsRequest request, IDictionary<string, string> parameters)
    {
        parameters.Add("TargetGroupArn", request.TargetGroupArn);
        parameters.AddList("Targets", request.Targets.Select(t => t.Id), "Id");
    }

    private sealed class Answer : QueryAnswer
    {
        protected override AmazonWebServiceResponse Read(XElement root) => new DeregisterTargetsResponse();

        protected override AmazonServiceException Fail(string message, Exception innerException, ErrorType type, string code, string requestId, HttpStatusCode status) =>
            new AmazonElasticLoadBalancingV2Exception(message, innerException, type, code, requestId, status);
    }
}
