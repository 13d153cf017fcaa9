using System.Text;
using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class KubeconfigActivitiesTests : IDisposable
{
    private const string Foreign = "apiVersion: v1\nkind: Config\nclusters:\n- name: other\n  cluster: {server: https://other}\ncontexts:\n- name: other\n  context: {cluster: other, user: me}\nusers:\n- name: me\n  user: {token: CANARY-token-of-a-person}\ncurrent-context: other\n";

    private readonly TestCluster _cluster = new(new() { ["Rotation:DefaultSinks:0"] = "ops", ["Rotation:Sinks:ops:Type"] = "file", ["Rotation:Sinks:ops:Path"] = "{folder}/out/{cluster}.kubeconfig" });
    private readonly TestKeypair _old = new("kubernetes-ca", 1_700_000_000_000_000_001);
    private readonly TestKeypair _new = new("kubernetes-ca", 1_700_000_000_000_000_002);

    private string Sink => Path.Combine(_cluster.Folder, "out/test.example.com.kubeconfig");

    [Fact]
    public async Task A_delivery_merges_reads_back_and_a_retry_keeps_the_first_copy_for_the_way_back()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Sink)!);
        File.WriteAllText(Sink, Foreign);
        Export(admin: false, _old, _new);

        Delivery delivered = (await DeliverAsync(_old, _new)).Deliveries.Single();
        Delivery again = (await DeliverAsync(_old, _new)).Deliveries.Single();

        delivered.CaFingerprints.ShouldBe(new[] { _old.Fingerprint, _new.Fingerprint }.Order(StringComparer.Ordinal));
        again.ShouldSatisfyAllConditions(a => a.Sha256.ShouldBe(delivered.Sha256), a => a.PreviousSha256.ShouldBe(delivered.PreviousSha256));
        string content = File.ReadAllText(Sink);
        content.ShouldContain("CANARY-token-of-a-person");
        content.ShouldContain("current-context: other");
        File.GetUnixFileMode(Sink).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);

        await RestoreAsync();
        await RestoreAsync();
        File.ReadAllText(Sink).ShouldBe(Foreign);
    }

    [Fact]
    public async Task A_sink_that_held_nothing_loses_the_file_on_the_way_back()
    {
        Export(admin: false, _old);
        (await DeliverAsync(_old)).Deliveries.Single().PreviousSha256.ShouldBeEmpty();

        (await RestoreAsync()).Deliveries.Single().Sha256.ShouldBeEmpty();

        File.Exists(Sink).ShouldBeFalse();
    }

    [Fact]
    public async Task An_export_without_a_ca_that_must_be_there_is_refused_before_any_sink_is_touched()
    {
        Export(admin: false, _old);

        (await Should.ThrowAsync<ApplicationFailureException>(DeliverAsync(_old, _new))).ErrorType.ShouldBe(RotationErrors.ReadBackMismatch);
        File.Exists(Sink).ShouldBeFalse();
    }

    [Fact]
    public async Task An_admin_delivery_says_how_long_it_is_valid_and_names_the_lifetime_to_kops()
    {
        Export(admin: true, _old);

        Delivery delivered = (await DeliverAsync(KubeconfigKind.Admin, _old)).Deliveries.Single();

        delivered.AdminNotAfter!.Value.ShouldBe(new DateTimeOffset(_new.Certificate.NotAfter.ToUniversalTime()));
        _cluster.Calls().Single().ShouldContain("--admin=18h");
    }

    [Fact]
    public async Task An_unknown_sink_is_named_with_those_that_are_there()
    {
        var error = await Should.ThrowAsync<ApplicationFailureException>(DeliverToAsync("nosuch"));

        error.ErrorType.ShouldBe(RotationErrors.SinkUnknown);
        error.Message.ShouldContain("it has: ops");
    }

    [Theory]
    [InlineData("exit 0")]
    [InlineData("exit 1")]
    [InlineData("kill -9 $$")]
    public async Task Nothing_of_an_export_is_left_in_memory_backed_storage(string end)
    {
        Export(admin: true, _old);
        _cluster.Script($"cp \"$TEST/export.yaml\" \"$4\"; {end}");

        await DeliverAsync(KubeconfigKind.Admin, _old).ContinueWith(done => done.Exception, TaskScheduler.Default);

        string file = _cluster.Calls().Single().Split(' ')[3];
        file.ShouldStartWith(Directory.Exists("/dev/shm") ? "/dev/shm/rotation-" : Path.GetTempPath());
        Directory.Exists(Path.GetDirectoryName(file)).ShouldBeFalse();
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _old.Dispose();
        _new.Dispose();
    }

    private Task<DeliveryResult> DeliverAsync(params TestKeypair[] expected) => DeliverAsync(KubeconfigKind.Ca, expected);

    private Task<DeliveryResult> DeliverAsync(KubeconfigKind kind, params TestKeypair[] expected) => TestCluster.RunAsync(() => _cluster.Get<KubeconfigActivities>().DeliverKubeconfigAsync(new()
    {
        Cluster = TestCluster.Ref,
        Step = "2-export-ca",
        Kind = kind,
        AdminTtl = KopsDuration.FromHours(18),
        ExpectedCaFingerprints = [.. expected.Select(k => k.Fingerprint)],
    }));

    private Task<DeliveryResult> DeliverToAsync(string sink) => TestCluster.RunAsync(() => _cluster.Get<KubeconfigActivities>().DeliverKubeconfigAsync(new() { Cluster = TestCluster.Ref, Sinks = [sink] }));

    private Task<DeliveryResult> RestoreAsync() => TestCluster.RunAsync(() => _cluster.Get<KubeconfigActivities>().RestoreKubeconfigAsync(new() { Cluster = TestCluster.Ref, Step = "2-export-ca" }));

    private void Export(bool admin, params TestKeypair[] bundle)
    {
        string ca = Encode(string.Concat(bundle.Select(k => k.Certificate.ExportCertificatePem() + "\n")));
        string user = admin ? $"users:\n- name: test.example.com\n  user:\n    client-certificate-data: {Encode(_new.Certificate.ExportCertificatePem())}\n    client-key-data: {Encode(_new.PrivatePem)}\n" : "users: null\n";
        File.WriteAllText(
            Path.Combine(_cluster.Folder, "export.yaml"),
            $"apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: {ca}\n    server: https://api.test.example.com\n  name: test.example.com\ncontexts:\n- context:\n    cluster: test.example.com\n    user: test.example.com\n  name: test.example.com\ncurrent-context: test.example.com\nkind: Config\n{user}");
        _cluster.Script("cp \"$TEST/export.yaml\" \"$4\"");
    }

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
