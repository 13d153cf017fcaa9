using System.Text;
using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows.Activities;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Deliveries to a file whose worker dies, and the ways back: the file holds what was or what shall be, never half of it, and is written once.</summary>
[CrashTested("DeliverKubeconfig", "RestoreKubeconfig")]
public sealed class FileSinkCrashTests : IDisposable
{
    private const string Held = "apiVersion: v1\nkind: Config\nclusters:\n- {name: other, cluster: {server: https://other}}\n";
    private readonly TestKeypair _ca = new("kubernetes-ca", 1_700_000_000_000_000_001, keyBits: 1024);
    private readonly TestCluster _cluster = new(new() { ["Rotation:DefaultSinks:0"] = "it", ["Rotation:Sinks:it:Type"] = "file", ["Rotation:Sinks:it:Path"] = "{folder}/out/{cluster}.yaml" });

    public FileSinkCrashTests()
    {
        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _ca, _ca));
        string ca = Convert.ToBase64String(Encoding.ASCII.GetBytes(_ca.Certificate.ExportCertificatePem()));
        File.WriteAllText(Path.Combine(_cluster.Folder, "export.yaml"), $"apiVersion: v1\nkind: Config\nclusters:\n- name: test.example.com\n  cluster: {{certificate-authority-data: {ca}, server: https://api}}\n");
        _cluster.Script("cp \"$TEST/export.yaml\" \"$4\"");
        Directory.CreateDirectory(Path.GetDirectoryName(Out)!);
        File.WriteAllText(Out, Held);
    }

    private string Out => Path.Combine(_cluster.Folder, "out", $"{TestCluster.Ref.Name}.yaml");

    [Fact]
    public async Task One_that_died_before_its_write_is_done_when_it_is_tried_again()
    {
        // What it had done by then: what the file held is kept.
        await _cluster.Get<KeptCopies>().KeepAsync(TestCluster.Ref.Rotation, "2-export-ca", "it", Encoding.ASCII.GetBytes(Held), TestContext.Current.CancellationToken);

        await DeliverAsync();
        await DeliverAsync();
        _cluster.Calls().Count(c => c.StartsWith("export", StringComparison.Ordinal)).ShouldBe(1);

        await RestoreAsync();
        (await File.ReadAllTextAsync(Out, TestContext.Current.CancellationToken)).ShouldBe(Held);
    }

    [Fact]
    public async Task Half_a_file_that_a_killed_one_left_beside_it_is_never_what_people_read()
    {
        string half = Path.Combine(Path.GetDirectoryName(Out)!, $".{Path.GetFileName(Out)}.0123456789abcdef0123456789abcdef");
        await File.WriteAllTextAsync(half, "apiVersion: v1\nkind: Con", TestContext.Current.CancellationToken);

        (await DeliverAsync()).Deliveries.Single().CaFingerprints.ShouldBe([_ca.Fingerprint]);
        (await File.ReadAllTextAsync(Out, TestContext.Current.CancellationToken)).ShouldContain("https://other");

        await RestoreAsync();
        (await File.ReadAllTextAsync(Out, TestContext.Current.CancellationToken)).ShouldBe(Held);
    }

    [Fact]
    public async Task One_that_died_after_its_write_finds_it_and_writes_nothing()
    {
        string first = (await DeliverAsync()).Deliveries.Single().Sha256;
        DateTime written = File.GetLastWriteTimeUtc(Out);

        (await DeliverAsync()).Deliveries.Single().Sha256.ShouldBe(first);
        File.GetLastWriteTimeUtc(Out).ShouldBe(written);

        await RestoreAsync();
        written = File.GetLastWriteTimeUtc(Out);
        await RestoreAsync();
        File.GetLastWriteTimeUtc(Out).ShouldBe(written);
        File.GetUnixFileMode(Out).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Two_at_once_deliver_the_same_and_two_ways_back_restore_the_same()
    {
        DeliveryResult[] both = await Task.WhenAll(DeliverAsync(), DeliverAsync());
        both[0].Deliveries.Single().Sha256.ShouldBe(both[1].Deliveries.Single().Sha256);

        await Task.WhenAll(RestoreAsync(), RestoreAsync());
        (await File.ReadAllTextAsync(Out, TestContext.Current.CancellationToken)).ShouldBe(Held);
        Directory.GetFiles(Path.GetDirectoryName(Out)!).ShouldBe([Out]);
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _ca.Dispose();
    }

    private Task<DeliveryResult> DeliverAsync() => TestCluster.RunAsync(() => _cluster.Get<KubeconfigActivities>().DeliverKubeconfigAsync(new() { Cluster = TestCluster.Ref, Step = "2-export-ca", ExpectedCaFingerprints = [_ca.Fingerprint] }));

    private Task<DeliveryResult> RestoreAsync() => TestCluster.RunAsync(() => _cluster.Get<KubeconfigActivities>().RestoreKubeconfigAsync(new() { Cluster = TestCluster.Ref, Step = "2-export-ca" }));
}
