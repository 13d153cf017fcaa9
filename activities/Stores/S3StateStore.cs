using Amazon.S3;
using Amazon.S3.Model;
using Rotation.Activities.Kops;
using Rotation.Workflows;

namespace Rotation.Activities.Stores;

/// <summary>A state store in S3 or a compatible store: <c>s3://bucket[/prefix]</c>.</summary>
internal sealed class S3StateStore(IAmazonS3 s3, string bucket, string prefix) : IStateStore, IStateStoreRepair
{
    public Task<byte[]?> ReadAsync(string path, CancellationToken ct) => GuardAsync(() => S3Objects.ReadAsync(s3, bucket, Below(path), ct));

    public Task<IReadOnlyList<string>> ListFoldersAsync(string folder, CancellationToken ct) => GuardAsync<IReadOnlyList<string>>(async () =>
    {
        string root = Below(folder) + "/";
        List<string> names = [];
        var request = new ListObjectsV2Request { BucketName = bucket, Prefix = root, Delimiter = "/" };
        do
        {
            ListObjectsV2Response page = await s3.ListObjectsV2Async(request, ct).ConfigureAwait(false);
            names.AddRange((page.CommonPrefixes ?? []).Select(p => p[root.Length..].TrimEnd('/')));
            request.ContinuationToken = page.IsTruncated == true ? page.NextContinuationToken : null;
        }
        while (request.ContinuationToken is not null);
        return [.. names.Order(StringComparer.Ordinal)];
    });

    public Task<IReadOnlyList<string>> ListFilesAsync(string folder, CancellationToken ct) => GuardAsync<IReadOnlyList<string>>(async () =>
    {
        int start = prefix.Length == 0 ? 0 : prefix.Length + 1;
        List<string> paths = [];
        await foreach (S3Object item in s3.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = bucket, Prefix = Below(folder) + "/" }).S3Objects.WithCancellation(ct).ConfigureAwait(false))
            paths.Add(item.Key[start..]);
        return [.. paths.Order(StringComparer.Ordinal)];
    });

    public Task PutBackAsync(string path, byte[] content, CancellationToken ct) => GuardAsync(async () =>
    {
        using var stream = new MemoryStream(content);
        await s3.PutObjectAsync(new PutObjectRequest { BucketName = bucket, Key = Below(path), InputStream = stream, UseChunkEncoding = false }, ct).ConfigureAwait(false);
        return true;
    });

    public Task RemoveAsync(string path, CancellationToken ct) => GuardAsync(async () =>
    {
        await s3.DeleteObjectAsync(bucket, Below(path), ct).ConfigureAwait(false);
        return true;
    });

    public async Task<bool?> KeepsVersionsAsync(CancellationToken ct)
    {
        try
        {
            GetBucketVersioningResponse answer = await s3.GetBucketVersioningAsync(bucket, ct).ConfigureAwait(false);
            return answer.VersioningConfig?.Status == VersionStatus.Enabled;
        }
        catch (AmazonS3Exception)
        {
            // Reading the setting needs a permission that nothing else here needs, and not every compatible store has it.
            return null;
        }
    }

    private string Below(string path) => prefix.Length == 0 ? path : $"{prefix}/{path}";

    private async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchBucket")
        {
            throw RotationErrors.Permanent(RotationErrors.StateStoreInvalid, $"There is no bucket '{bucket}'.");
        }
        catch (AmazonS3Exception e) when (e.ErrorCode is "AccessDenied" or "InvalidAccessKeyId" or "SignatureDoesNotMatch")
        {
            throw RotationErrors.Permanent(RotationErrors.CloudRefused, $"The state store in '{bucket}' refused the worker's credential ({e.ErrorCode}); it needs s3:GetObject and s3:ListBucket.");
        }
        catch (Exception e) when (S3Objects.IsTrouble(e))
        {
            throw RotationErrors.Passing(RotationErrors.StateStoreUnavailable, $"The state store in '{bucket}' cannot be used: {Redaction.Summary(e.Message)}");
        }
    }
}
