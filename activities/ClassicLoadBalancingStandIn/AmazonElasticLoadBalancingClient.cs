using System.Net;
using System.Xml.Linq;
using Amazon.ElasticLoadBalancing.Model;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using Rotation.Activities.AwsQuery;

namespace Amazon.ElasticLoadBalancing;

/// <summary>The one call of classic Elastic Load Balancing that we make.</summary>
public interface IAmazonElasticLoadBalancing : IDisposable
{
    /// <summary>Takes instances out of a classic load balancer. One that EC2 does not know is <c>InvalidInstance</c>, an unknown balancer <c>LoadBalancerNotFound</c>.</summary>
    Task<DeregisterInstancesFromLoadBalancerResponse> DeregisterInstancesFromLoadBalancerAsync(DeregisterInstancesFromLoadBalancerRequest request, CancellationToken cancellationToken = default);
}

/// <summary>Configuration of the client.</summary>
public sealed class AmazonElasticLoadBalancingConfig() : QueryServiceConfig("elasticloadbalancing", "2012-06-01");

/// <summary>A failure that the service answered.</summary>
public sealed class AmazonElasticLoadBalancingException(string message, Exception? innerException, ErrorType errorType, string errorCode, string requestId, HttpStatusCode statusCode)
    : AmazonServiceException(message, innerException, errorType, errorCode, requestId, statusCode);

/// <summary>Stand-in for the client of AWSSDK.ElasticLoadBalancing; see docs/adr/0004-autoscaling-stand-in.md.</summary>
public sealed class AmazonElasticLoadBalancingClient(AmazonElasticLoadBalancingConfig config) : QueryServiceClient(config, "Elastic Load Balancing"), IAmazonElasticLoadBalancing
{
    /// <inheritdoc/>
    public Task<DeregisterInstancesFromLoadBalancerResponse> DeregisterInstancesFromLoadBalancerAsync(DeregisterInstancesFromLoadBalancerRequest request, CancellationToken cancellationToken = default) =>
        InvokeAsync<DeregisterInstancesFromLoadBalancerResponse>(request, new InvokeOptions { RequestMarshaller = new QueryMarshaller<DeregisterInstancesFromLoadBalancerRequest>("Amazon.ElasticLoadBalancing", config.ServiceVersion, Write), ResponseUnmarshaller = new Answer() }, cancellationToken);

    private static void Write(DeregisterInstancesFromLoadBalancerRequest request, IDictionary<string, string> parameters)
    {
        parameters.Add("LoadBalancerName", request.LoadBalancerName);
        parameters.AddList("Instances", request.Instances.Select(i => i.InstanceId), "InstanceId");
    }

    private sealed class Answer : QueryAnswer
    {
        protected override AmazonWebServiceResponse Read(XElement root) => new DeregisterInstancesFromLoadBalancerResponse();

        protected override AmazonServiceException Fail(string message, Exception innerException, ErrorType type, string code, string requestId, HttpStatusCode status) =>
            new AmazonElasticLoadBalancingException(message, innerException, type, code, requestId, status);
    }
}
