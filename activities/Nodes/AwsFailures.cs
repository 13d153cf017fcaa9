using System.Xml;
using Amazon.Runtime;
using Rotation.Workflows;

namespace Rotation.Activities.Nodes;

/// <summary>Translates what AWS answers: gone is done, a missing permission is for people, the rest passes.</summary>
internal static class AwsFailures
{
    // Of EC2, of target groups, of classic load balancers.
    private static readonly string[] Gone = ["InvalidInstanceID.NotFound", "InvalidInstanceID.Malformed", "InvalidTarget", "TargetGroupNotFound", "InvalidInstance", "LoadBalancerNotFound"];
    private static readonly string[] Refused = ["UnauthorizedOperation", "AccessDenied", "AccessDeniedException", "AuthFailure", "InvalidClientTokenId", "OptInRequired", "SignatureDoesNotMatch"];

    /// <summary>Runs a call; returns the default when the instance, target group or load balancer that it names is gone.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (AmazonServiceException e) when (Gone.Contains(e.ErrorCode))
        {
            return default!;
        }
        catch (AmazonServiceException e) when (Refused.Contains(e.ErrorCode))
        {
            throw RotationErrors.Permanent(RotationErrors.CloudRefused, $"AWS refused a call ({e.ErrorCode}): {Kops.Redaction.Summary(e.Message)} Grant the worker's identity the permission named.");
        }
        catch (AmazonServiceException e)
        {
            throw RotationErrors.Passing(RotationErrors.CloudUnavailable, $"AWS answered {e.ErrorCode} ({(int)e.StatusCode}): {Kops.Redaction.Summary(e.Message)}");
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException or XmlException)
        {
            // An answer that broke off half way is no XML; whether the call had its effect, the next attempt sees.
            throw RotationErrors.Passing(RotationErrors.CloudUnavailable, $"AWS cannot be reached: {Kops.Redaction.Summary(e.Message)}");
        }
    }
}
