using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Rotation.Tests.Support;

namespace Rotation.Tests.Lab.Kops;

/// <summary>The recorded commands on a state store in S3, as they were recorded; nothing is replayed where there is no server.</summary>
public sealed class RecordedInBucket : RecordedSession
{
    private const string Bucket = "state";
    private S3Server? _server;
    private AmazonS3Client? _s3;

    internal override IReadOnlyDictionary<string, string> Incomparable { get; } = new Dictionary<string, string>
    {
        ["085"] = "the recording failed for want of a cloud and of the release channel",
    };

    private protected override string Address => $"s3://{Bucket}";

    private protected override IReadOnlyDictionary<string, string> Variables => new Dictionary<string, string> { ["S3_ENDPOINT"] = _server!.Url, ["S3_ACCESS_KEY_ID"] = S3Server.Credential, ["S3_SECRET_ACCESS_KEY"] = S3Server.Credential };

    public override async ValueTask InitializeAsync()
    {
        if (!S3Server.IsInstalled)
            return;
        _server = await S3Server.StartAsync();
        _s3 = new AmazonS3Client(new BasicAWSCredentials(S3Server.Credential, S3Server.Credential), new AmazonS3Config { ServiceURL = _server.Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        _s3?.Dispose();
        if (_server is not null)
            await _server.DisposeAsync();
        await base.DisposeAsync();
    }

    private protected override Task WriteAsync(string path, string content) => _s3!.PutObjectAsync(new() { BucketName = Bucket, Key = $"{Cluster}/{path}", ContentBody = content, UseChunkEncoding = false });

    private protected override async Task<IReadOnlyDictionary<string, string>> FilesAsync()
    {
        var files = new Dictionary<string, string>();
        await foreach (S3Object item in _s3!.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = Bucket, Prefix = $"{Cluster}/" }).S3Objects)
        {
            using GetObjectResponse found = await _s3.GetObjectAsync(Bucket, item.Key);
            using var reader = new StreamReader(found.ResponseStream);
            files[item.Key[(Cluster.Length + 1)..]] = await reader.ReadToEndAsync();
        }

        return files;
    }
}
