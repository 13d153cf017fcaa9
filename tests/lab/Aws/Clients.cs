using Amazon.AutoScaling;
using Amazon.EC2;
using Amazon.ElasticLoadBalancing;
using Amazon.ElasticLoadBalancingV2;
using Amazon.Runtime;

namespace Rotation.Tests.Lab.Aws;

/// <summary>The real AWS SDK's clients, pointed at a lab.</summary>
internal sealed class Clients : IDisposable
{
    public Clients(Uri endpoint, int retries = 4)
    {
        UseTestCredentials();
        Ec2 = new AmazonEC2Client(Configure(new AmazonEC2Config(), endpoint, retries));
        Classic = new AmazonElasticLoadBalancingClient(Configure(new AmazonElasticLoadBalancingConfig(), endpoint, retries));
        LoadBalancing = new AmazonElasticLoadBalancingV2Client(Configure(new AmazonElasticLoadBalancingV2Config(), endpoint, retries));
        AutoScaling = new AmazonAutoScalingClient(Configure(new AmazonAutoScalingConfig(), endpoint, retries));
    }

    public AmazonEC2Client Ec2 { get; }

    public AmazonAutoScalingClient AutoScaling { get; }

    public AmazonElasticLoadBalancingV2Client LoadBalancing { get; }

    public AmazonElasticLoadBalancingClient Classic { get; }

    /// <summary>Credentials where the SDK's chain looks first. The lab takes any.</summary>
    public static void UseTestCredentials()
    {
        Environment.SetEnvironmentVariable("AWS_ACCESS_KEY_ID", "AKIALAB");
        Environment.SetEnvironmentVariable("AWS_SECRET_ACCESS_KEY", "lab");
    }

    public void Dispose()
    {
        Ec2.Dispose();
        AutoScaling.Dispose();
        LoadBalancing.Dispose();
        Classic.Dispose();
    }

    private static T Configure<T>(T config, Uri endpoint, int retries)
        where T : ClientConfig
    {
        config.ServiceURL = endpoint.ToString();
        config.AuthenticationRegion = "us-east-1";
        config.MaxErrorRetry = retries;
        config.RetryMode = RequestRetryMode.Standard;
        return config;
    }
}
