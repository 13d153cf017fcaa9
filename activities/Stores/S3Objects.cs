using System.Net;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Rotation.Activities.Stores;

/// <summary>Reads and writes whole objects; what is not there is null.</summary>
internal static class S3Objects
{
    /// <summary>Content of an object, or null when bucket or object are not there.</summary>
    public static async Task<byte[]?> ReadAsync(IAmazonS3 s3, string bucket, string key, CancellationToken ct)
    {
        try
        {
            using GetObjectResponse answer = await s3.GetObjectAsync(bucket, key, ct).ConfigureAwait(false);
            using var content = new MemoryStream();
            await answer.ResponseStream.CopyToAsync(content, ct).ConfigureAwait(false);
            return content.ToArray();
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound && e.ErrorCode != "NoSuchBucket")
        {
            return null;
        }
    }

    /// <summary>True for what S3 throws when it cannot be reached or refuses.</summary>
    public static bool IsTrouble(Exception e) => e is AmazonServiceException or AmazonClientException or HttpRequestException or IOException;
}
