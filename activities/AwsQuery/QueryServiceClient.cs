using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace Rotation.Activities.AwsQuery;

/// <summary>A client of a service with the query protocol, over AWSSDK.Core's credentials, signer and retries: what stand-ins for packages of the SDK have in common.</summary>
/// <param name="config">Endpoint, region, retries.</param>
/// <param name="serviceId">Name of the service in the SDK's metadata.</param>
public abstract class QueryServiceClient(QueryServiceConfig config, string serviceId) : AmazonServiceClient(config)
{
    /// <inheritdoc/>
    protected override IServiceMetadata ServiceMetadata { get; } = new Metadata(serviceId);

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

    private sealed class Metadata(string serviceId) : IServiceMetadata
    {
        public string ServiceId => serviceId;

        public IDictionary<string, string> OperationNameMapping { get; } = new Dictionary<string, string>();
    }
}
