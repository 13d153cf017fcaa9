using System.Collections.Concurrent;
using Amazon;
using Amazon.AutoScaling;
using Amazon.EC2;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancingV2;
using Amazon.Runtime;
using Rotation.Activities.Hosting;

namespace Rotation.Activities.Nodes;

/// <summary>AWS clients by region: credentials by the SDK's chain, endpoint override for other implementations.</summary>
internal sealed class AwsClients(RotationOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<string, AmazonEC2Client> _ec2 = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AmazonAutoScalingClient> _autoScaling = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AmazonElasticLoadBalancingV2Client> _loadBalancing = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, AmazonElasticLoadBalancingClient> _classic = new(StringComparer.Ordinal);

    /// <summary>EC2 in a region.</summary>
    public IAmazonEC2 Ec2(string region) => _ec2.GetOrAdd(region, r => new(Configure(new AmazonEC2Config(), r)));

    /// <summary>AutoScaling in a region.</summary>
    public IAmazonAutoScaling AutoScaling(string region) => _autoScaling.GetOrAdd(region, r => new(Configure(new AmazonAutoScalingConfig(), r)));

    /// <summary>ELBv2 in a region.</summary>
    public IAmazonElasticLoadBalancingV2 LoadBalancing(string region) => _loadBalancing.GetOrAdd(region, r => new(Configure(new AmazonElasticLoadBalancingV2Config(), r)));

    /// <summary>Classic load balancing in a region.</summary>
    public IAmazonElasticLoadBalancing ClassicLoadBalancing(string region) => _classic.GetOrAdd(region, r => new(Configure(new AmazonElasticLoadBalancingConfig(), r)));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (IDisposable client in _ec2.Values.Concat<IDisposable>(_autoScaling.Values).Concat(_loadBalancing.Values).Concat(_classic.Values))
            client.Dispose();
    }

    private T Configure<T>(T config, string region)
        where T : ClientConfig
    {
        config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Aws.Region ?? region);
        if (options.Aws.EndpointUrl is { Length: > 0 } url)
        {
            config.ServiceURL = url;
            config.AuthenticationRegion = options.Aws.Region ?? region;
        }

        config.RetryMode = RequestRetryMode.Standard;
        config.Timeout = options.Deadlines.Call;
        return config;
    }
}
