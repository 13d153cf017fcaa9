using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json.Nodes;
using Rotation.Lab.Cluster;
using YamlDotNet.RepresentationModel;

namespace Rotation.Lab.Kops.Rolling;

/// <summary>The Kubernetes side of a rolling update: what kubectl's drain and kops ask of the API, with the credential of the kubeconfig as it was at the start.</summary>
internal sealed class RollApi : IDisposable
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);
    private readonly HttpClient _http;
    private readonly CancellationToken _cancel;

    /// <param name="kubeconfig">Path of the kubeconfig.</param>
    /// <param name="cluster">Its context.</param>
    /// <param name="address">HOST:PORT that the cluster's name would resolve to.</param>
    /// <param name="cancel">Ends every request.</param>
    public RollApi(string kubeconfig, string cluster, string address, CancellationToken cancel)
    {
        _cancel = cancel;
        YamlMappingNode root = Cluster.Yaml.Parse(File.ReadAllText(kubeconfig));
        YamlMappingNode context = Named(root, "contexts", cluster, "context");
        YamlMappingNode server = Named(root, "clusters", Cluster.Yaml.Text(context, "cluster") ?? "", "cluster");
        YamlMappingNode user = Named(root, "users", Cluster.Yaml.Text(context, "user") ?? "", "user");
        var bundle = new TrustBundle(Decode(server, "certificate-authority-data"));
        X509Certificate2 certificate = X509Certificate2.CreateFromPem(Decode(user, "client-certificate-data"), Decode(user, "client-key-data"));
        string name = Cluster.Yaml.Text(server, "tls-server-name") ?? new Uri(Cluster.Yaml.Text(server, "server")!).Host;
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                TargetHost = name,
                ClientCertificates = [certificate],
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
                RemoteCertificateValidationCallback = (_, served, _, _) => served is X509Certificate2 shown && bundle.Verifies(shown, out _) && shown.MatchesHostname(name),
            },
        };
        _http = new HttpClient(handler) { BaseAddress = new Uri($"https://{address}/"), Timeout = RequestLimit };
    }

    public async Task<IReadOnlyList<JsonObject>> NodesAsync() => Items(await ReadAsync("api/v1/nodes").ConfigureAwait(false));

    public async Task<IReadOnlyList<JsonObject>> PodsAsync(string? node = null) =>
        Items(await ReadAsync(node is null ? "api/v1/pods" : $"api/v1/pods?fieldSelector=spec.nodeName%3D{node}").ConfigureAwait(false));

    /// <summary>Patches a node; false when it is gone.</summary>
    public async Task<bool> PatchNodeAsync(string node, JsonObject patch)
    {
        using var body = new StringContent(patch.ToJsonString(), Encoding.UTF8, "application/strategic-merge-patch+json");
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Patch, $"api/v1/nodes/{node}", body).ConfigureAwait(false);
        return answer.StatusCode != HttpStatusCode.NotFound && (answer.IsSuccessStatusCode ? true : throw await FailureAsync(answer).ConfigureAwait(false));
    }

    /// <summary>Asks for a pod's eviction: null when it was accepted or the pod is gone, else why it must wait.</summary>
    public async Task<string?> EvictAsync(string ns, string pod)
    {
        var eviction = new JsonObject { ["apiVersion"] = "policy/v1", ["kind"] = "Eviction", ["metadata"] = new JsonObject { ["name"] = pod, ["namespace"] = ns } };
        using var body = new StringContent(eviction.ToJsonString(), Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Post, $"api/v1/namespaces/{ns}/pods/{pod}/eviction", body).ConfigureAwait(false);
        if (answer.IsSuccessStatusCode || answer.StatusCode == HttpStatusCode.NotFound)
            return null;
        KopsError failure = await FailureAsync(answer).ConfigureAwait(false);
        return answer.StatusCode == HttpStatusCode.TooManyRequests ? failure.Message : throw failure;
    }

    public void Dispose() => _http.Dispose();

    private async Task<JsonNode> ReadAsync(string path)
    {
        using HttpResponseMessage answer = await SendAsync(HttpMethod.Get, path, null).ConfigureAwait(false);
        if (!answer.IsSuccessStatusCode)
            throw await FailureAsync(answer).ConfigureAwait(false);
        return (await JsonNode.ParseAsync(await answer.Content.ReadAsStreamAsync(_cancel).ConfigureAwait(false), cancellationToken: _cancel).ConfigureAwait(false))!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        try
        {
            return await _http.SendAsync(request, _cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is TaskCanceledException && !_cancel.IsCancellationRequested))
        {
            throw new KopsError($"{method.Method[..1]}{method.Method[1..].ToLowerInvariant()} \"{new Uri(_http.BaseAddress!, path)}\": {(e.InnerException ?? e).Message}");
        }
    }

    private async Task<KopsError> FailureAsync(HttpResponseMessage answer)
    {
        string text = await answer.Content.ReadAsStringAsync(_cancel).ConfigureAwait(false);
        return new KopsError(answer.Content.Headers.ContentType?.MediaType == "application/json" && JsonNode.Parse(text)?["message"] is { } message ? $"{message}" : $"the server answered {(int)answer.StatusCode}");
    }

    private static IReadOnlyList<JsonObject> Items(JsonNode list) => [.. (list["items"] as JsonArray ?? []).OfType<JsonObject>()];

    private static YamlMappingNode Named(YamlMappingNode root, string list, string name, string content) =>
        (Cluster.Yaml.Find(root, list) as YamlSequenceNode ?? []).OfType<YamlMappingNode>().FirstOrDefault(e => Cluster.Yaml.Text(e, "name") == name) is { } found && Cluster.Yaml.Find(found, content) is YamlMappingNode inner
            ? inner
            : throw new KopsError($"the kubeconfig has no entry \"{name}\" in {list}");

    private static string Decode(YamlMappingNode node, string field) => Cluster.Yaml.Text(node, field) is { Length: > 0 } text
        ? Encoding.UTF8.GetString(Convert.FromBase64String(text))
        : throw new KopsError($"the kubeconfig has no {field}; export one with --admin");
}
