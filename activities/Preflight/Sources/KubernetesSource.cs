using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Preflight.Sources;

/// <summary>Nodes, pods, budgets, tokens, webhooks, permissions and clock of the cluster's own API.</summary>
internal sealed class KubernetesSource(KubernetesClients clients) : IFactSource
{
    private const string TokenType = "kubernetes.io/service-account-token";

    private static readonly (string Verb, string Group, string Resource, string? Subresource)[] Needed =
        [("list", "", "nodes", null), ("patch", "", "nodes", null), ("delete", "", "nodes", null), ("list", "", "pods", null), ("create", "", "pods", "eviction"), ("list", "policy", "poddisruptionbudgets", null)];

    public string Unread => "api-unreachable";

    public FindingSeverity Severity => FindingSeverity.Error;

    public async Task<PreflightFacts> AddAsync(PreflightFacts facts, CancellationToken ct)
    {
        IKubernetes api = await clients.ConnectAsync(facts.Input.Cluster, ct).ConfigureAwait(false);
        KubernetesFacts read = await ApiFailures.GuardAsync(() => ReadAsync(api, ct), ct).ConfigureAwait(false);
        return facts with { Kubernetes = read };
    }

    private static async Task<KubernetesFacts> ReadAsync(IKubernetes api, CancellationToken ct) => new()
    {
        ServerTime = await TimeAsync(api, ct).ConfigureAwait(false),
        Nodes = [.. (await api.CoreV1.ListNodeAsync(cancellationToken: ct).ConfigureAwait(false)).Items],
        Pods = [.. (await api.CoreV1.ListPodForAllNamespacesAsync(cancellationToken: ct).ConfigureAwait(false)).Items],
        Budgets = [.. (await IfServedAsync(() => api.PolicyV1.ListPodDisruptionBudgetForAllNamespacesAsync(cancellationToken: ct)).ConfigureAwait(false))?.Items ?? []],
        TokenSecrets = [.. ((await IfServedAsync(() => api.CoreV1.ListSecretForAllNamespacesAsync(fieldSelector: $"type={TokenType}", cancellationToken: ct)).ConfigureAwait(false))?.Items ?? [])
            .Where(s => s.Type == TokenType).Select(s => $"{s.Metadata.NamespaceProperty}/{s.Metadata.Name}").Order(StringComparer.Ordinal)],
        FailClosedWebhooks = await WebhooksAsync(api, ct).ConfigureAwait(false),
        Denied = await DeniedAsync(api, ct).ConfigureAwait(false),
    };

    private static async Task<DateTimeOffset?> TimeAsync(IKubernetes api, CancellationToken ct)
    {
        using HttpResponseMessage answer = await ((Kubernetes)api).HttpClient.GetAsync(new Uri(api.BaseUri, "/version"), ct).ConfigureAwait(false);
        return answer.Headers.Date;
    }

    private static async Task<IReadOnlyList<string>> WebhooksAsync(IKubernetes api, CancellationToken ct)
    {
        var validating = await IfServedAsync(() => api.AdmissionregistrationV1.ListValidatingWebhookConfigurationAsync(cancellationToken: ct)).ConfigureAwait(false);
        var mutating = await IfServedAsync(() => api.AdmissionregistrationV1.ListMutatingWebhookConfigurationAsync(cancellationToken: ct)).ConfigureAwait(false);
        IEnumerable<string> first = (validating?.Items ?? []).SelectMany(c => c.Webhooks ?? []).Where(w => w.FailurePolicy != "Ignore" && TakesPods(w.Rules)).Select(w => w.Name);
        IEnumerable<string> second = (mutating?.Items ?? []).SelectMany(c => c.Webhooks ?? []).Where(w => w.FailurePolicy != "Ignore" && TakesPods(w.Rules)).Select(w => w.Name);
        return [.. first.Concat(second).Distinct().Order(StringComparer.Ordinal)];
    }

    private static bool TakesPods(IList<V1RuleWithOperations>? rules) => rules?.Any(r => r.Resources?.Any(n => n is "*" or "pods" or "*/*" or "pods/*") == true && r.ApiGroups?.Any(g => g is "" or "*") == true) == true;

    private static async Task<IReadOnlyList<string>> DeniedAsync(IKubernetes api, CancellationToken ct)
    {
        List<string> denied = [];
        foreach ((string verb, string group, string resource, string? subresource) in Needed)
        {
            var review = new V1SelfSubjectAccessReview { Spec = new() { ResourceAttributes = new() { Verb = verb, Group = group, Resource = resource, Subresource = subresource } } };
            V1SelfSubjectAccessReview? answer = await IfServedAsync(() => api.AuthorizationV1.CreateSelfSubjectAccessReviewAsync(review, cancellationToken: ct)).ConfigureAwait(false);
            if (answer?.Status is { Allowed: false })
                denied.Add($"{verb} {resource}{(subresource is null ? "" : "/" + subresource)}");
        }

        return denied;
    }

    // An old or small API does not serve every group: then there is nothing of it that could stand in the way.
    private static async Task<T?> IfServedAsync<T>(Func<Task<T>> call)
        where T : class
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
