using System.Text;
using System.Text.Json.Nodes;
using Rotation.Activities.Kubeconfigs;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Deliveries and ways back to sinks behind a server that dies: an S3 object on a real S3-compatible server, and a Secret behind a scripted Kubernetes API.</summary>
[CrashTested("DeliverKubeconfig", "RestoreKubeconfig")]
public sealed class SinkCrashTests : IAsyncLifetime
{
    private const string Held = "apiVersion: v1\nkind: Config\nclusters:\n- {name: other, cluster: {server: https://other}}\n";
    private readonly TestKeypair _ca = new("kubernetes-ca", 1_700_000_000_000_000_001, keyBits: 1024);
    private readonly List<IAsyncDisposable> _servers = [];
    private JsonObject? _secret;
    private CrashingServer? _crashing;
    private TestCluster? _cluster;

    public static TheoryData<string, CrashPoint> Crashes
    {
        get
        {
            var all = new TheoryData<string, CrashPoint>();
            foreach (string kind in (string[])["s3", "secret"])
                foreach (CrashPoint at in Enum.GetValues<CrashPoint>())
                    all.Add(kind, at);
            return all;
        }
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task A_delivery_and_its_way_back_that_died_are_taken_up_and_done_once(string kind, CrashPoint at)
    {
        CrashingServer server = await PrepareAsync(kind);
        IKubeconfigSink sink = _cluster!.Get<Sinks>().Choose(["it"]).Single().Sink;
        await sink.WriteAsync(TestCluster.Ref.Name, Encoding.ASCII.GetBytes(Held), TestContext.Current.CancellationToken);

        await DieAndGoOnAsync(server, at, DeliverAsync);
        (await DeliverAsync()).Deliveries.Single().CaFingerprints.ShouldBe([_ca.Fingerprint]);
        string delivered = Encoding.UTF8.GetString((await sink.ReadAsync(TestCluster.Ref.Name, TestContext.Current.CancellationToken))!);
        delivered.ShouldContain("https://other");

        await DieAndGoOnAsync(server, at, RestoreAsync);
        Encoding.UTF8.GetString((await sink.ReadAsync(TestCluster.Ref.Name, TestContext.Current.CancellationToken))!).ShouldBe(Held);
    }

    [Theory]
    [InlineData("s3")]
    [InlineData("secret")]
    public async Task Two_deliveries_at_once_and_two_ways_back_change_the_sink_once_each(string kind)
    {
        CrashingServer server = await PrepareAsync(kind);

        await Task.WhenAll(DeliverAsync(), DeliverAsync());
        server.Changes.ShouldBe(1);
        await Task.WhenAll(RestoreAsync(), RestoreAsync());
        server.Changes.ShouldBe(2);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable server in Enumerable.Reverse(_servers))
            await server.DisposeAsync();
        _cluster?.Dispose();
        _ca.Dispose();
    }

    // The effect may have happened when the client saw the connection close; then the next attempt finds it done.
    private static async Task DieAndGoOnAsync(CrashingServer server, CrashPoint at, Func<Task<DeliveryResult>> act)
    {
        server.At = at;
        var failure = await Should.ThrowAsync<ApplicationFailureException>(act());
        failure.ErrorType.ShouldBe(RotationErrors.SinkFailed);
        failure.NonRetryable.ShouldBeFalse();
        server.At = null;
        int before = server.Changes;

        await act();
        await act();

        (server.Changes - before).ShouldBe(at == CrashPoint.After ? 0 : 1);
    }

    private Task<DeliveryResult> DeliverAsync() => TestCluster.RunAsync(() => _cluster!.Get<KubeconfigActivities>().DeliverKubeconfigAsync(new() { Cluster = TestCluster.Ref, Step = "2-export-ca", ExpectedCaFingerprints = [_ca.Fingerprint] }));

    private Task<DeliveryResult> RestoreAsync() => TestCluster.RunAsync(() => _cluster!.Get<KubeconfigActivities>().RestoreKubeconfigAsync(new() { Cluster = TestCluster.Ref, Step = "2-export-ca" }));

    private async Task<CrashingServer> PrepareAsync(string kind)
    {
        var settings = new Dictionary<string, string?> { ["Rotation:DefaultSinks:0"] = "it", ["Rotation:Sinks:it:Type"] = kind };
        if (kind == "s3")
        {
            S3Server s3 = await S3Server.StartAsync();
            _servers.Add(s3);
            Environment.SetEnvironmentVariable("S3_ACCESS_KEY_ID", S3Server.Credential);
            Environment.SetEnvironmentVariable("S3_SECRET_ACCESS_KEY", S3Server.Credential);
            _crashing = CrashingServer.Before(s3.Url);
            (settings["Rotation:Sinks:it:Bucket"], settings["Rotation:Sinks:it:Key"], settings["Rotation:Sinks:it:Endpoint"]) = ("state", "out/{cluster}", _crashing.Url);
        }
        else
        {
            _crashing = new CrashingServer(request => Task.FromResult(Api(Encoding.UTF8.GetString(request))));
            (settings["Rotation:Sinks:it:Name"], settings["Rotation:Sinks:it:Kubeconfig"]) = ("kubeconfigs", "{folder}/api.yaml");
        }

        _servers.Add(_crashing);
        _cluster = new(settings);
        await File.WriteAllTextAsync(Path.Combine(_cluster.Folder, "api.yaml"), $"apiVersion: v1\nkind: Config\nclusters:\n- name: c\n  cluster: {{server: '{_crashing.Url}'}}\ncontexts:\n- name: c\n  context: {{cluster: c, user: u}}\ncurrent-context: c\nusers:\n- name: u\n  user: {{token: t}}\n");
        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _ca, _ca));
        string ca = Convert.ToBase64String(Encoding.ASCII.GetBytes(_ca.Certificate.ExportCertificatePem()));
        await File.WriteAllTextAsync(Path.Combine(_cluster.Folder, "export.yaml"), $"apiVersion: v1\nkind: Config\nclusters:\n- name: test.example.com\n  cluster: {{certificate-authority-data: {ca}, server: https://api}}\n");
        _cluster.Script("cp \"$TEST/export.yaml\" \"$4\"");
        return _crashing;
    }

    // Create, read and replace one Secret, with the API's own guard against a change in between.
    private byte[] Api(string request)
    {
        string method = request.Split(' ')[0];
        var body = request[(request.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..] is { Length: > 0 } text ? (JsonObject)JsonNode.Parse(text)! : null;
        if (method == "GET")
            return _secret is null ? Answer("404 Not Found", "{\"kind\":\"Status\"}") : Answer("200 OK", _secret.ToJsonString());
        string? expected = $"{_secret?["metadata"]?["resourceVersion"]}";
        if (method == "PUT" && $"{body!["metadata"]?["resourceVersion"]}" != expected)
            return Answer("409 Conflict", "{\"kind\":\"Status\"}");
        _secret = body;
        _secret!["metadata"]!["resourceVersion"] = Guid.NewGuid().ToString("n");
        return Answer(method == "POST" ? "201 Created" : "200 OK", _secret.ToJsonString());
    }

    private static byte[] Answer(string status, string body) => Encoding.UTF8.GetBytes($"HTTP/1.1 {status}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}");
}
