using System.Net;
using System.Security.Authentication;
using k8s.Autorest;
using Rotation.Workflows;

namespace Rotation.Activities.Nodes;

/// <summary>Translates what the Kubernetes API answers: refused is for people, the rest passes.</summary>
internal static class ApiFailures
{
    /// <summary>Runs a call.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call, CancellationToken ct)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
        {
            throw RotationErrors.Permanent(RotationErrors.ApiRefused, $"The Kubernetes API answered {(int)e.Response.StatusCode}: {Kops.Redaction.Summary(e.Response.Content)}");
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Conflict)
        {
            throw RotationErrors.Passing(RotationErrors.ApiConflict, $"An object changed while it was being changed: {Kops.Redaction.Summary(e.Response.Content)}");
        }
        catch (HttpOperationException e)
        {
            throw RotationErrors.Passing(RotationErrors.ApiUnavailable, $"The Kubernetes API answered {(int)e.Response.StatusCode}: {Kops.Redaction.Summary(e.Response.Content)}");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or AuthenticationException || (e is OperationCanceledException && !ct.IsCancellationRequested))
        {
            throw RotationErrors.Passing(RotationErrors.ApiUnavailable, $"The Kubernetes API cannot be reached: {Kops.Redaction.Summary((e.InnerException ?? e).Message)}");
        }
    }

    /// <summary>Runs a call on an object; false when the object is not there.</summary>
    public static Task<bool> UnlessGoneAsync(Func<Task> call, CancellationToken ct) => GuardAsync(
        async () =>
        {
            try
            {
                await call().ConfigureAwait(false);
                return true;
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
            {
                return false;
            }
        },
        ct);
}
