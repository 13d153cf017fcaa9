using System.Collections.Concurrent;
using System.Text;
using Rotation.Activities.Nodes;
using Rotation.Activities.Trust;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>The real Kubernetes client over real TLS, with the worker's exported credential and the configured address, against a scripted API server.</summary>
public sealed class NodeActivitiesTests : IAsyncLifetime
{
    private const string Node = """{"metadata":{"name":"node-1"},"spec":{"providerID":"aws:///us-east-1a/i-1"},"status":{"conditions":[{"type":"Ready","status":"True"}],"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":1}}}}""";

    private readonly TestKeypair _old = new("kubernetes-ca", 1_700_000_000_000_000_001);
    private readonly TestKeypair _new = new("kubernetes-ca", 1_700_000_000_000_000_002);
    private readonly ConcurrentQueue<string> _asked = new();
    private readonly ConcurrentDictionary<string, Func<(string, string)>> _answers = new();
    private readonly QuietCloud _cloud = new();
    private TlsPeer? _api;
    private TestCluster? _cluster;

    private TestCluster Cluster => _cluster!;

    private NodeActivities Activities => Cluster.Get<NodeActivities>();

    private static NodeInput Input => new() { Cluster = TestCluster.Ref, Instance = new() { Id = "i-1", NodeName = "node-1", InstanceGroup = "nodes", Role = InstanceGroupRole.Node } };

    public ValueTask InitializeAsync()
    {
        _api = new(_old, [_old, _new], "api.internal.test.example.com", Answer);
        _cluster = new(new() { [$"Rotation:Clusters:{TestCluster.Ref.Name}:ApiServerAddress"] = _api.Address.ToString() }, _cloud);
        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _old, _old, _new));
        string bundle = Encode(_old.Certificate.ExportCertificatePem() + "\n" + _new.Certificate.ExportCertificatePem());
        using var admin = _new.Issue("admin");
        string user = $"client-certificate-data: {Encode(admin.ExportCertificatePem())}\n    client-key-data: {Encode(System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPrivateKey(admin)!.ExportRSAPrivateKeyPem())}";
        File.WriteAllText(
            Path.Combine(_cluster.Folder, "export.yaml"),
            $"apiVersion: v1\nkind: Config\nclusters:\n- name: test.example.com\n  cluster:\n    certificate-authority-data: {bundle}\n    server: https://api.test.example.com\n    tls-server-name: api.internal.test.example.com\ncontexts:\n- name: test.example.com\n  context: {{cluster: test.example.com, user: test.example.com}}\ncurrent-context: test.example.com\nusers:\n- name: test.example.com\n  user:\n    {user}\n");
        _cluster.Script("cp \"$TEST/export.yaml\" \"$4\"");
        _answers["GET /api/v1/nodes"] = () => ("200 OK", $$"""{"kind":"NodeList","items":[{{Node}}]}""");
        _answers["PATCH /api/v1/nodes/node-1"] = () => ("200 OK", Node);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task Cordon_finds_the_node_by_instance_and_one_that_is_gone_is_done()
    {
        await RunAsync(() => Activities.CordonNodeAsync(Input));
        _asked.ShouldContain("PATCH /api/v1/nodes/node-1");

        _asked.Clear();
        await RunAsync(() => Activities.CordonNodeAsync(Input with { Instance = Input.Instance with { Id = "i-2" } }));
        _asked.ShouldNotContain("PATCH /api/v1/nodes/node-1");
    }

    [Fact]
    public async Task A_drain_asks_again_for_what_a_budget_holds_back_and_leaves_daemons_and_static_pods()
    {
        int refused = 0;
        bool gone = false;
        _answers["GET /api/v1/pods?fieldSelector=spec.nodeName=node-1"] = () => ("200 OK", $$"""{"kind":"PodList","items":[{{(gone ? "" : Pod("web", "") + ",")}}{{Pod("proxy", "\"ownerReferences\":[{\"kind\":\"DaemonSet\",\"controller\":true,\"apiVersion\":\"apps/v1\",\"name\":\"d\",\"uid\":\"u\"}]")}},{{Pod("etcd", "\"annotations\":{\"kubernetes.io/config.mirror\":\"x\"}")}}]}""");
        _answers["POST /api/v1/namespaces/default/pods/web/eviction"] = () =>
        {
            gone = ++refused > 2;
            return gone ? ("201 Created", "{}") : ("429 Too Many Requests", """{"kind":"Status","reason":"TooManyRequests"}""");
        };

        DrainResult result = await TestCluster.RunAsync(() => Activities.DrainNodeAsync(new() { Cluster = TestCluster.Ref, Instance = Input.Instance }));

        result.ShouldBe(new DrainResult(Evicted: 1, Skipped: 2));
        refused.ShouldBe(3);
        _cloud.Deregistered.ShouldBe([Input.Instance.Id]);
    }

    [Fact]
    public async Task A_drain_that_takes_too_long_names_the_pods_that_are_left()
    {
        _answers["GET /api/v1/pods?fieldSelector=spec.nodeName=node-1"] = () => ("200 OK", $$"""{"kind":"PodList","items":[{{Pod("web", "")}}]}""");
        _answers["POST /api/v1/namespaces/default/pods/web/eviction"] = () => ("429 Too Many Requests", "{}");

        var error = await Should.ThrowAsync<ApplicationFailureException>(TestCluster.RunAsync(() => Activities.DrainNodeAsync(new() { Cluster = TestCluster.Ref, Instance = Input.Instance, Timeout = KopsDuration.FromSeconds(0.3) })));

        error.ErrorType.ShouldBe(RotationErrors.DrainTimedOut);
        error.Message.ShouldContain("default/web");
        _cloud.Deregistered.ShouldBeEmpty("a worker that cannot be drained serves on");
    }

    [Theory]
    [InlineData("403 Forbidden", RotationErrors.ApiRefused, true)]
    [InlineData("503 Service Unavailable", RotationErrors.ApiUnavailable, false)]
    public async Task What_the_api_answers_has_its_type(string status, string errorType, bool permanent)
    {
        _answers["GET /api/v1/nodes"] = () => (status, "{}");

        var error = await Should.ThrowAsync<ApplicationFailureException>(RunAsync(() => Activities.CordonNodeAsync(Input)));

        error.ErrorType.ShouldBe(errorType);
        error.NonRetryable.ShouldBe(permanent);
    }

    [Fact]
    public async Task A_server_of_an_unknown_ca_is_not_spoken_to_and_the_credential_is_renewed_when_the_keyset_changes()
    {
        await RunAsync(() => Activities.CordonNodeAsync(Input));
        await RunAsync(() => Activities.CordonNodeAsync(Input));
        Cluster.Calls().Length.ShouldBe(1);

        Cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _new, _old, _new));
        string export = Path.Combine(Cluster.Folder, "export.yaml");
        string both = Encode(_old.Certificate.ExportCertificatePem() + "\n" + _new.Certificate.ExportCertificatePem());
        File.WriteAllText(export, File.ReadAllText(export).Replace(both, Encode(_new.Certificate.ExportCertificatePem()), StringComparison.Ordinal));

        var error = await Should.ThrowAsync<ApplicationFailureException>(RunAsync(() => Activities.CordonNodeAsync(Input)));
        error.ErrorType.ShouldBe(RotationErrors.ApiUnavailable);
        Cluster.Calls().Length.ShouldBe(2);
    }

    [Fact]
    public async Task Trust_is_read_of_each_api_server_and_a_kubelet_that_does_not_answer_is_in_the_result()
    {
        _answers["GET /api/v1/namespaces/default/endpoints/kubernetes"] = () => ("200 OK", $$"""{"kind":"Endpoints","subsets":[{"addresses":[{"ip":"127.0.0.1"}],"ports":[{"port":{{_api!.Address.Port}},"name":"https"}]}]}""");

        TrustMatrix matrix = await TestCluster.RunAsync(() => Cluster.Get<TrustActivities>().ReadTrustAsync(TestCluster.Ref));

        matrix.Servers.Count.ShouldBe(2);
        matrix.Servers[0].ShouldSatisfyAllConditions(s => s.Node.ShouldBe("node-1"), s => s.Component.ShouldBe("kube-apiserver"), s => s.ServedBy.ShouldBe(_old.Id), s => s.Accepts.ShouldBe([_old.Id, _new.Id]));
        matrix.Servers[1].ShouldSatisfyAllConditions(s => s.Component.ShouldBe("kubelet"), s => s.Unreadable.ShouldNotBeNull());
    }

    public async ValueTask DisposeAsync()
    {
        await _api!.DisposeAsync();
        Cluster.Dispose();
        _old.Dispose();
        _new.Dispose();
    }

    private (string Status, string Body) Answer(string request)
    {
        // The client says watch=false where kubectl says nothing.
        request = Uri.UnescapeDataString(request).Replace("&watch=false", "", StringComparison.Ordinal).Replace("?watch=false", "", StringComparison.Ordinal);
        _asked.Enqueue(request);
        return _answers.TryGetValue(request, out Func<(string, string)>? answer) ? answer() : ("404 Not Found", $"no '{request}'");
    }

    private static string Pod(string name, string more) => $$"""{"metadata":{"name":"{{name}}","namespace":"default","uid":"{{name}}"{{(more.Length > 0 ? "," + more : "")}} },"status":{"phase":"Running"} }""";

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));

    private static Task<bool> RunAsync(Func<Task> activity) => TestCluster.RunAsync(async () =>
    {
        await activity();
        return true;
    });
}
