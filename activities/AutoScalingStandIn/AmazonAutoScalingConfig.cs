using Amazon.Runtime;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;

namespace Amazon.AutoScaling;

/// <summary>Configuration of the client: endpoint or region, as AWSSDK.Core has it.</summary>
public sealed class AmazonAutoScalingConfig : ClientConfig
{
    /// <summary>Makes one with the SDK's defaults.</summary>
    public AmazonAutoScalingConfig()
        : base(new Defaults())
    {
        AuthenticationServiceName = "autoscaling";
        EndpointProvider = new Provider(this);
    }

    /// <inheritdoc/>
    public override string ServiceVersion => "2011-01-01";

    /// <inheritdoc/>
    public override string UserAgent => "rotation-autoscaling-stand-in";

    /// <inheritdoc/>
    public override string RegionEndpointServiceName => "autoscaling";

    /// <inheritdoc/>
    public override Endpoint DetermineServiceOperationEndpoint(ServiceOperationEndpointParameters parameters) => EndpointProvider.ResolveEndpoint(new EndpointParameters());

    private sealed class Provider(AmazonAutoScalingConfig config) : IEndpointProvider
    {
        public Endpoint ResolveEndpoint(EndpointParameters parameters)
        {
            if (config.ServiceURL is { Length: > 0 } url)
                return new(url);
            string region = config.RegionEndpoint?.SystemName ?? throw new AmazonClientException("No region and no endpoint is configured for AutoScaling.");
            return new($"https://autoscaling.{region}.{config.RegionEndpoint.PartitionDnsSuffix}");
        }
    }

    private sealed class Defaults : IDefaultConfigurationProvider
    {
        public IDefaultConfiguration GetDefaultConfiguration(RegionEndpoint clientRegion, DefaultConfigurationMode? requestedConfigurationMode = null) =>
            new DefaultConfiguration { Name = DefaultConfigurationMode.Standard, RetryMode = RequestRetryMode.Standard };
    }
}
