using Amazon;
using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Rotation.Activities.AwsQuery;

/// <summary>Configuration of a <see cref="QueryServiceClient"/>: endpoint or region, as AWSSDK.Core has it.</summary>
public abstract class QueryServiceConfig : ClientConfig
{
    private readonly string _service;
    private readonly string _version;

    /// <summary>Makes one with the SDK's defaults.</summary>
    /// <param name="service">Name of the service in its endpoint and in signatures, such as <c>autoscaling</c>.</param>
    /// <param name="version">Version of its API.</param>
    protected QueryServiceConfig(string service, string version)
        : base(new Defaults())
    {
        (_service, _version) = (service, version);
        AuthenticationServiceName = service;
        EndpointProvider = new Provider(this);
    }

    /// <inheritdoc/>
    public override string ServiceVersion => _version;

    /// <inheritdoc/>
    public override string UserAgent => $"rotation-{_service}-stand-in";

    /// <inheritdoc/>
    public override string RegionEndpointServiceName => _service;

    /// <inheritdoc/>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => EndpointProvider.ResolveEndpoint(new EndpointParameters());

    private sealed class Provider(QueryServiceConfig config) : IEndpointProvider
    {
        public Endpoint ResolveEndpoint(EndpointParameters parameters)
        {
            if (config.ServiceURL is { Length: > 0 } url)
                return new(url);
            string region = config.RegionEndpoint?.SystemName ?? throw new AmazonClientException($"No region and no endpoint is configured for {config._service}.");
            return new($"https://{config._service}.{region}.{config.RegionEndpoint.PartitionDnsSuffix}");
        }
    }

    private sealed class Defaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
    }
}
