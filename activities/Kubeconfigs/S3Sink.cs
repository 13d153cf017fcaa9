using Amazon.S3;
using Amazon.S3.Model;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Stores;
using Rotation.Workflows;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>An object in S3 or a compatible store, encrypted at rest by the store.</summary>
internal sealed class S3Sink(string name, SinkOptions options, IAmazonS3 s3) : IKubeconfigSink
{
    public Task<byte[]?> ReadAsync(string cluster, CancellationToken ct) => GuardAsync(() => S3Objects.ReadAsync(s3, options.Bucket!, KeyOf(cluster), ct));

    public Task WriteAsync(string cluster, byte[] content, CancellationToken ct) => GuardAsync(async () =>
    {
        using var body = new MemoryStream(content);
        // Many compatible stores keep the frames of signed chunks as content.
        var request = new PutObjectRequest { UseChunkEncoding = options.Endpoint is null, BucketName = options.Bucket, Key = KeyOf(cluster), InputStream = body, ContentType = "application/yaml" };
        if (options.Endpoint is null)
            request.ServerSideEncryptionMethod = ServerSideEncryptionMethod.AES256;
        return await s3.PutObjectAsync(request, ct).ConfigureAwait(false);
    });

    public Task DeleteAsync(string cluster, CancellationToken ct) => GuardAsync(() => s3.DeleteObjectAsync(options.Bucket, KeyOf(cluster), ct));

    private string KeyOf(string cluster) => options.Key!.Replace("{cluster}", cluster, StringComparison.Ordinal);

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (S3Objects.IsTrouble(e))
        {
            throw RotationErrors.Passing(RotationErrors.SinkFailed, $"Sink '{name}': {Redaction.Summary(e.Message)}");
        }
    }
}
