using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using Rotation.Lab.Kops;

namespace Rotation.Lab.StateStore;

/// <summary>A state store in a bucket, <c>s3://BUCKET[/PREFIX]</c>; with <c>S3_ENDPOINT</c> and its companions any server that speaks S3, as kops has it.</summary>
internal sealed class S3Files : IStateFiles
{
    private readonly AmazonS3Client _client;
    private readonly string _bucket;
    private readonly string _prefix;

    private S3Files(string address, AmazonS3Client client)
    {
        Address = address.TrimEnd('/');
        _client = client;
        string[] parts = Address["s3://".Length..].Split('/', 2);
        _bucket = parts[0];
        _prefix = parts.Length == 2 ? parts[1] + "/" : "";
    }

    public string Address { get; }

    public static S3Files Open(string address, IReadOnlyDictionary<string, string> environment)
    {
        string? endpoint = environment.GetValueOrDefault("S3_ENDPOINT") is { Length: > 0 } own ? own : null;
        AmazonS3Config config = endpoint is null
            ? new AmazonS3Config { RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(environment.GetValueOrDefault("AWS_REGION") ?? "us-east-1") }
            : new AmazonS3Config { ServiceURL = endpoint, ForcePathStyle = true, AuthenticationRegion = environment.GetValueOrDefault("S3_REGION") ?? "us-east-1", RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED };
        AmazonS3Client client = endpoint is not null && environment.GetValueOrDefault("S3_ACCESS_KEY_ID") is { Length: > 0 } key
            ? new(new BasicAWSCredentials(key, environment.GetValueOrDefault("S3_SECRET_ACCESS_KEY") ?? ""), config)
            : new(config);
        return new S3Files(address, client);
    }

    public async Task<string?> ReadAsync(string path)
    {
        try
        {
            using GetObjectResponse found = await _client.GetObjectAsync(_bucket, _prefix + path).ConfigureAwait(false);
            using var reader = new StreamReader(found.ResponseStream);
            return await reader.ReadToEndAsync().ConfigureAwait(false);
        }
        catch (AmazonS3Exception e) when (e.ErrorCode == "NoSuchKey")
        {
            return null;
        }
        catch (AmazonS3Exception e)
        {
            throw new KopsError($"error reading {Address}/{path}: error fetching {Address}/{path}: {Words(e)}");
        }
    }

    public async Task WriteAsync(string path, string content)
    {
        try
        {
            await _client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = _prefix + path, ContentBody = content, UseChunkEncoding = false }).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e)
        {
            throw new KopsError($"error writing {Address}/{path}: {Words(e)}");
        }
    }

    public async Task DeleteAsync(string path)
    {
        try
        {
            await _client.DeleteObjectAsync(_bucket, _prefix + path).ConfigureAwait(false);
        }
        catch (AmazonS3Exception e)
        {
            throw new KopsError($"error deleting {Address}/{path}: {Words(e)}");
        }
    }

    public async Task<IReadOnlyList<string>> ListAsync(string folder)
    {
        List<string> keys = [];
        try
        {
            string under = folder.Length == 0 ? _prefix : $"{_prefix}{folder}/";
            await foreach (S3Object item in _client.Paginators.ListObjectsV2(new ListObjectsV2Request { BucketName = _bucket, Prefix = under }).S3Objects.ConfigureAwait(false))
                keys.Add(item.Key[_prefix.Length..]);
        }
        catch (AmazonS3Exception e)
        {
            throw new KopsError($"error listing {Address}/{folder}: {Words(e)}");
        }

        keys.Sort(StringComparer.Ordinal);
        return keys;
    }

    public string Shown(string path) => $"{Address}/{path}";

    public string? WhyNotListed(string folder) => null;

    public string? WhyNotDeleted(string path) => null;

    private static string Words(AmazonS3Exception e) => $"{e.ErrorCode}: {e.Message}\n\tstatus code: {(int)(e.StatusCode == 0 ? HttpStatusCode.InternalServerError : e.StatusCode)}, request id: {e.RequestId}, host id: {e.AmazonId2}";
}
