using System.Globalization;
using System.Net;
using System.Text;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Activities.Hosting;
using Rotation.Activities.Keysets;
using Rotation.Activities.Nodes;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Trust;

/// <summary>Reads tokens through the cluster's own API, and compares their key ids with the keyset in the state store.</summary>
internal sealed class UsageActivities(KubernetesClients clients, KeysetReader keysets, RotationOptions options) : IUsageActivities
{
    private const string TokenType = "kubernetes.io/service-account-token";
    private const string StaleMetric = "serviceaccount_stale_tokens_total";
    private const int MostNames = 20;

    // What Kubernetes asks for when a volume does not say: an hour.
    private const long DefaultSeconds = 3600;

    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<TokenUsage> ReadTokenUsageAsync(ClusterRef cluster)
    {
        await using Pulse pulse = Pulse.Start($"looks for service-account tokens of {cluster.Name}", options.Deadlines.Poll);
        KeysetState keyset = await keysets.ReadAsync(cluster, KeysetReader.ServiceAccount, Token).ConfigureAwait(false);
        IKubernetes api = await clients.ConnectAsync(cluster, Token).ConfigureAwait(false);
        List<string> unread = [];
        V1PodList? pods = await ReadAsync("pods", unread, () => api.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: Token)).ConfigureAwait(false);
        V1SecretList? secrets = await ReadAsync("secrets", unread, () => api.CoreV1.ListSecretForAllNamespacesAsync(fieldSelector: $"type={TokenType}", cancellationToken: Token)).ConfigureAwait(false);
        string? metrics = await ReadAsync("metrics", unread, () => MetricsAsync(api)).ConfigureAwait(false);
        return Describe(pods?.Items ?? [], secrets?.Items ?? [], metrics, keyset) with { Unread = unread };
    }

    /// <summary>What was read, in numbers. Pure.</summary>
    internal static TokenUsage Describe(IEnumerable<V1Pod> pods, IEnumerable<V1Secret> secrets, string? metrics, KeysetState keyset)
    {
        long[] lives = [.. pods.Select(LifeOf).OfType<long>()];
        return new()
        {
            PodsWithTokens = lives.Length,
            LongestLife = KopsDuration.FromSeconds(lives.DefaultIfEmpty(0).Max()),
            InSecrets =
            [
                .. from secret in secrets
                   where secret.Type == TokenType && secret.Data?.ContainsKey("token") == true
                   group $"{secret.Metadata.NamespaceProperty}/{secret.Metadata.Name}" by KeypairOf(secret.Data["token"], keyset) into signed
                   orderby signed.Key
                   select new TokensOfKey(signed.Key, [.. signed.Order(StringComparer.Ordinal).Take(MostNames)], signed.Count()),
            ],
            StaleRequests = metrics is null ? null : SumOf(metrics),
        };
    }

    private static long? LifeOf(V1Pod pod)
    {
        long[] seconds =
        [
            .. from volume in pod.Spec?.Volumes ?? []
               from source in volume.Projected?.Sources ?? []
               where source.ServiceAccountToken is not null
               select source.ServiceAccountToken.ExpirationSeconds ?? DefaultSeconds,
        ];
        return seconds.Length > 0 ? seconds.Max() : null;
    }

    private static string KeypairOf(byte[] token, KeysetState keyset) =>
        Jwt.KeyIdOf(Encoding.ASCII.GetString(token)) is { } kid ? keyset.Jwks.FirstOrDefault(k => k.Kid == kid)?.KeypairId ?? "" : "";

    private static long SumOf(string metrics) => metrics.Split('\n')
        .Where(l => l.StartsWith(StaleMetric, StringComparison.Ordinal))
        .Sum(l => double.TryParse(l[(l.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture, out double count) ? (long)count : 0);

    private static async Task<string?> MetricsAsync(IKubernetes api)
    {
        using HttpResponseMessage answer = await ((Kubernetes)api).HttpClient.GetAsync(new Uri(api.BaseUri, "/metrics"), Token).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
            throw new HttpOperationException { Response = new(new HttpResponseMessage(answer.StatusCode), "") };
        return await answer.Content.ReadAsStringAsync(Token).ConfigureAwait(false);
    }

    // What is not served or not allowed is not there to be seen; everything else is tried again.
    private static Task<T?> ReadAsync<T>(string what, List<string> unread, Func<Task<T>> call)
        where T : class? => ApiFailures.GuardAsync<T?>(
        async () =>
        {
            try
            {
                return await call().ConfigureAwait(false);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Forbidden)
            {
                unread.Add($"{what}: the API answered {(int)e.Response.StatusCode}");
                return default;
            }
        },
        Token);
}
