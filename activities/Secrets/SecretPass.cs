using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Workflows;
using Rotation.Workflows.Activities;

namespace Rotation.Activities.Secrets;

/// <summary>How far a pass over every Secret is: what heartbeats carry, so that an attempt after a lost worker goes on there.</summary>
/// <param name="Continue">The API's own mark of the page that is at work; null on the first.</param>
/// <param name="Secrets">Secrets on the pages before it.</param>
/// <param name="Written">Secrets that had to be written, this page included.</param>
internal sealed record SecretPassProgress(string? Continue, int Secrets, int Written);

/// <summary>Sends every Secret back as it was read, page by page. Whoever changes or deletes one meanwhile has written it, or there is none: both are fine.</summary>
internal sealed class SecretPass(IKubernetes api, Action<SecretPassProgress> beat, CancellationToken ct)
{
    private const int PageSize = 250;
    private const int MostConflicts = 5;

    /// <summary>Makes the pass, from where an earlier attempt was.</summary>
    public async Task<RewrittenSecrets> RunAsync(SecretPassProgress? from)
    {
        SecretPassProgress progress = from ?? new(null, 0, 0);
        do
        {
            if (await PageAsync(progress.Continue).ConfigureAwait(false) is not { } page)
            {
                // The mark is older than what the API remembers: all over again, which harms nothing.
                progress = progress with { Continue = null, Secrets = 0 };
                page = (await PageAsync(null).ConfigureAwait(false))!;
            }

            foreach (V1Secret secret in page.Items)
            {
                beat(progress);
                if (await HadToBeWrittenAsync(secret).ConfigureAwait(false))
                    progress = progress with { Written = progress.Written + 1 };
            }

            progress = new(page.Metadata?.ContinueProperty, progress.Secrets + page.Items.Count, progress.Written);
            beat(progress);
        }
        while (!string.IsNullOrEmpty(progress.Continue));
        return new(progress.Secrets, progress.Written);
    }

    private Task<V1SecretList?> PageAsync(string? mark) => ApiFailures.GuardAsync(
        async () =>
        {
            try
            {
                return await api.CoreV1.ListSecretForAllNamespacesAsync(limit: PageSize, continueParameter: mark, cancellationToken: ct).ConfigureAwait(false);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.Gone && mark is not null)
            {
                return null;
            }
        },
        ct);

    private async Task<bool> HadToBeWrittenAsync(V1Secret secret)
    {
        for (int conflicts = 0; ; conflicts++)
        {
            (V1Secret? stored, HttpStatusCode status) = await PutAsync(secret).ConfigureAwait(false);
            if (stored is not null)
                return stored.Metadata.ResourceVersion != secret.Metadata.ResourceVersion && IsSame(secret, stored);
            if (status == HttpStatusCode.NotFound)
                return false;
            if (conflicts == MostConflicts)
                throw RotationErrors.Passing(RotationErrors.ApiUnavailable, $"The Secret {secret.Namespace()}/{secret.Name()} changes faster than it can be written back.");
            if (await ReadAsync(secret).ConfigureAwait(false) is not { } fresh)
                return false;
            secret = fresh;
        }
    }

    // Null when somebody changed or deleted it since it was read.
    private Task<(V1Secret? Stored, HttpStatusCode Status)> PutAsync(V1Secret secret) => ApiFailures.GuardAsync<(V1Secret?, HttpStatusCode)>(
        async () =>
        {
            // Items of a list do not say what they are.
            (secret.ApiVersion, secret.Kind) = ("v1", "Secret");
            try
            {
                return (await api.CoreV1.ReplaceNamespacedSecretAsync(secret, secret.Name(), secret.Namespace(), cancellationToken: ct).ConfigureAwait(false), HttpStatusCode.OK);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.Conflict or HttpStatusCode.NotFound)
            {
                return (null, e.Response.StatusCode);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.UnprocessableEntity or HttpStatusCode.BadRequest)
            {
                // The answer may quote what is in the Secret.
                throw RotationErrors.Permanent(RotationErrors.SecretRefused, $"The API does not take the Secret {secret.Namespace()}/{secret.Name()} back as it is ({(int)e.Response.StatusCode}): repair or delete it; then resume.");
            }
        },
        ct);

    private Task<V1Secret?> ReadAsync(V1Secret secret) => ApiFailures.GuardAsync<V1Secret?>(
        async () =>
        {
            try
            {
                return await api.CoreV1.ReadNamespacedSecretAsync(secret.Name(), secret.Namespace(), cancellationToken: ct).ConfigureAwait(false);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
            {
                return null;
            }
        },
        ct);

    // An admission webhook that changes each Secret it sees makes every write a new version: that says nothing about the key.
    private static bool IsSame(V1Secret sent, V1Secret stored) =>
        SameContent(sent.Data, stored.Data) && SameTexts(sent.Metadata.Annotations, stored.Metadata.Annotations) && SameTexts(sent.Metadata.Labels, stored.Metadata.Labels);

    private static bool SameContent(IDictionary<string, byte[]>? one, IDictionary<string, byte[]>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one ?? new Dictionary<string, byte[]>()).All(e => other!.TryGetValue(e.Key, out byte[]? value) && value.AsSpan().SequenceEqual(e.Value));

    private static bool SameTexts(IDictionary<string, string>? one, IDictionary<string, string>? other) =>
        (one?.Count ?? 0) == (other?.Count ?? 0) && (one ?? new Dictionary<string, string>()).All(e => other!.TryGetValue(e.Key, out string? value) && value == e.Value);
}
