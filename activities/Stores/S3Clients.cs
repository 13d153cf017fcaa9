using System.Collections.Concurrent;
using Amazon;
using Amazon.Runtime;
using Amazon.S3;
using Rotation.Activities.Hosting;

namespace Rotation.Activities.Stores;

/// <summary>
/// S3 clients by endpoint and region. Compatible stores are addressed by path and with the variables that kops reads itself: <c>S3_ENDPOINT</c>, <c>S3_REGION</c>,
/// <c>S3_ACCESS_KEY_ID</c>, <c>S3_SECRET_ACCESS_KEY</c>; see <see href="https://kops.sigs.k8s.io/state/"/>.
/// </summary>
internal sealed class S3Clients(RotationOptions options) : IDisposable
{
    private readonly ConcurrentDictionary<(string? Endpoint, string Region), AmazonS3Client> _clients = new();

    /// <summary>The client for a kops state store.</summary>
    public IAmazonS3 ForStateStore() => For(Variable("S3_ENDPOINT") ?? options.Aws.EndpointUrl, Variable("S3_REGION") ?? options.Aws.Region ?? Variable("AWS_REGION") ?? "us-east-1");

    /// <summary>The client for an endpoint, or for AWS when it is null.</summary>
    public IAmazonS3 For(string? endpoint, string region) => _clients.GetOrAdd((endpoint, region), key => Make(key.Endpoint, key.Region));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (AmazonS3Client client in _clients.Values)
            client.Dispose();
    }

    private AmazonS3Client Make(string? endpoint, string region)
    {
        var config = new AmazonS3Config { Timeout = options.Deadlines.Call, RetryMode = RequestRetryMode.Standard, RegionEndpoint = RegionEndpoint.GetBySystemName(region) };
        if (endpoint is { Length: > 0 })
        {
            config.ServiceURL = endpoint;
            config.AuthenticationRegion = region;
            config.ForcePathStyle = true;
            // Checksums in trailers are not understood by many compatible stores.
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }

        return Variable("S3_ACCESS_KEY_ID") is { } id && Variable("S3_SECRET_ACCESS_KEY") is { } secret && endpoint is not null ? new(id, secret, config) : new(config);
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
