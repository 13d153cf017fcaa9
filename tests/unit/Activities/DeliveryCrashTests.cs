using System.Text;
using Rotation.Activities.Kubeconfigs;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Deliveries and their ways back to two sinks, the second of which dies at each point: every sink is written once, with one content, whatever the kind.</summary>
[CrashTested("DeliverKubeconfig", "RestoreKubeconfig", "ForgetKept")]
public sealed class DeliveryCrashTests : IDisposable
{
    private const string Effect = "cat > \"$F.new\" && mv \"$F.new\" \"$F\"; sha256sum \"$F\" >> \"$TEST/$NAME.written\"";

    private readonly TestCluster _cluster = new(Settings());
    private readonly TestKeypair _ca = new("kubernetes-ca", 1_700_000_000_000_000_001, keyBits: 1024);

    public static TheoryData<KubeconfigKind, CrashPoint> Crashes
    {
        get
        {
            var all = new TheoryData<KubeconfigKind, CrashPoint>();
            foreach (KubeconfigKind kind in Enum.GetValues<KubeconfigKind>())
                foreach (CrashPoint at in Enum.GetValues<CrashPoint>())
                    all.Add(kind, at);
            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task A_delivery_that_died_is_taken_up_with_the_same_content(KubeconfigKind kind, CrashPoint at)
    {
        Prepare();
        Sink("second", CrashScript.Dying(Effect, at));
        await Should.ThrowAsync<ApplicationFailureException>(DeliverAsync(kind));

        Sink("second", CrashScript.Living(Effect));
        DeliveryResult first = await DeliverAsync(kind);
        DeliveryResult again = await DeliverAsync(kind);

        again.Deliveries.Select(d => d.Sha256).ShouldBe(first.Deliveries.Select(d => d.Sha256));
        Written("first").Length.ShouldBe(1);
        Written("second").Length.ShouldBe(1);
        // One export: a second admin certificate was never issued.
        _cluster.Calls().Count(c => c.StartsWith("export", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Theory]
    [InlineData(CrashPoint.Before)]
    [InlineData(CrashPoint.During)]
    [InlineData(CrashPoint.After)]
    public async Task A_way_back_that_died_is_taken_up_and_restores_byte_for_byte(CrashPoint at)
    {
        Prepare();
        await DeliverAsync(KubeconfigKind.Ca);
        Sink("second", CrashScript.Dying(Effect, at));
        await Should.ThrowAsync<ApplicationFailureException>(RestoreAsync());

        Sink("second", CrashScript.Living(Effect));
        await RestoreAsync();
        await RestoreAsync();

        foreach (string sink in new[] { "first", "second" })
        {
            File.ReadAllText(Path.Combine(_cluster.Folder, sink)).ShouldBe(Held(sink));
            Written(sink).Length.ShouldBe(2);
        }
    }

    [Fact]
    public async Task Two_deliveries_at_once_write_each_sink_once_and_keep_what_it_held_before()
    {
        Prepare();
        Sink("second", "sleep 0.2\n" + Effect);

        await Task.WhenAll(DeliverAsync(KubeconfigKind.Admin), DeliverAsync(KubeconfigKind.Admin));
        Written("first").Length.ShouldBe(1);
        Written("second").Length.ShouldBe(1);

        await RestoreAsync();
        File.ReadAllText(Path.Combine(_cluster.Folder, "second")).ShouldBe(Held("second"));
    }

    [Fact]
    public async Task Going_forward_again_after_the_way_back_delivers_afresh()
    {
        Prepare();
        await DeliverAsync(KubeconfigKind.Admin);
        await RestoreAsync();

        await DeliverAsync(KubeconfigKind.Admin);

        _cluster.Calls().Count(c => c.StartsWith("export", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task What_was_kept_is_forgotten_at_the_end_and_only_of_this_rotation()
    {
        Prepare();
        await DeliverAsync(KubeconfigKind.Ca);
        await TestCluster.RunAsync(() => Activities.DeliverKubeconfigAsync(Input(KubeconfigKind.Ca) with { ExpectedCaFingerprints = [_ca.Fingerprint], Cluster = TestCluster.Ref with { Rotation = "another" } }));

        (await TestCluster.RunAsync(() => Activities.ForgetKeptAsync(TestCluster.Ref))).Copies.ShouldBe(3);
        (await TestCluster.RunAsync(() => Activities.ForgetKeptAsync(TestCluster.Ref))).Copies.ShouldBe(0);

        Directory.GetDirectories(Path.Combine(_cluster.Folder, "work/kept")).Length.ShouldBe(1);
        (await RestoreAsync()).Deliveries.ShouldAllBe(d => d.PreviousSha256 == "");
    }

    [Fact]
    public async Task Two_that_forget_at_once_and_one_that_takes_up_what_a_killed_one_left_count_each_copy_once()
    {
        Prepare();
        await DeliverAsync(KubeconfigKind.Ca);
        string[] kept = Directory.GetFiles(Path.Combine(_cluster.Folder, "work/kept"), "*", SearchOption.AllDirectories);
        // The killed one had wiped one, and was about to delete another.
        File.Delete(kept[0]);
        File.WriteAllBytes(kept[1], new byte[10]);

        ForgetResult[] results = await Task.WhenAll(TestCluster.RunAsync(() => Activities.ForgetKeptAsync(TestCluster.Ref)), TestCluster.RunAsync(() => Activities.ForgetKeptAsync(TestCluster.Ref)));

        results.Select(r => r.Copies).Order().ShouldBe([0, kept.Length - 1]);
        Directory.GetFiles(Path.Combine(_cluster.Folder, "work/kept"), "*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_internal_name_and_a_named_user_are_asked_of_kops()
    {
        Prepare();

        await TestCluster.RunAsync(() => Activities.DeliverKubeconfigAsync(Input(KubeconfigKind.Ca) with { ExpectedCaFingerprints = [_ca.Fingerprint], Internal = true, User = "sso" }));

        _cluster.Calls().Single().ShouldContain("--internal --user sso");
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _ca.Dispose();
    }

    private KubeconfigActivities Activities => _cluster.Get<KubeconfigActivities>();

    private static Dictionary<string, string?> Settings()
    {
        var settings = new Dictionary<string, string?> { ["Rotation:DefaultSinks:0"] = "first", ["Rotation:DefaultSinks:1"] = "second" };
        foreach (string name in new[] { "first", "second" })
        {
            settings[$"Rotation:Sinks:{name}:Type"] = "command";
            settings[$"Rotation:Sinks:{name}:Command:0"] = "/bin/sh";
            settings[$"Rotation:Sinks:{name}:Command:1"] = $"{{folder}}/{name}.sh";
        }

        return settings;
    }

    private static string Held(string sink) => $"apiVersion: v1\nkind: Config\nclusters:\n- {{name: other-of-{sink}, cluster: {{server: https://other}}}}\n";

    private void Prepare()
    {
        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _ca, _ca));
        foreach (string sink in new[] { "first", "second" })
        {
            File.WriteAllText(Path.Combine(_cluster.Folder, sink), Held(sink));
            Sink(sink, CrashScript.Living(Effect));
        }

        string certificate = Encode(_ca.Certificate.ExportCertificatePem());
        using var admin = _ca.Issue("admin");
        string key = Encode(System.Security.Cryptography.X509Certificates.RSACertificateExtensions.GetRSAPrivateKey(admin)!.ExportRSAPrivateKeyPem());
        string name = TestCluster.Ref.Name;
        File.WriteAllText(
            Path.Combine(_cluster.Folder, "export.yaml"),
            $"apiVersion: v1\nkind: Config\nclusters:\n- name: {name}\n  cluster: {{certificate-authority-data: {certificate}, server: https://api}}\ncontexts:\n- name: {name}\n  context: {{cluster: {name}, user: {name}}}\ncurrent-context: {name}\nusers:\n- name: {name}\n  user: {{client-certificate-data: {Encode(admin.ExportCertificatePem())}, client-key-data: {key}}}\n");
        _cluster.Script("cp \"$TEST/export.yaml\" \"$4\"");
    }

    private void Sink(string name, string write) => File.WriteAllText(
        Path.Combine(_cluster.Folder, name + ".sh"),
        $"TEST='{_cluster.Folder}'; NAME={name}; F=\"$TEST/{name}\"\ncase $1 in\nread) [ -f \"$F\" ] || exit 4; cat \"$F\";;\nwrite) {write};;\ndelete) rm -f \"$F\";;\nesac\n");

    private string[] Written(string sink)
    {
        string file = Path.Combine(_cluster.Folder, sink + ".written");
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    private static DeliverKubeconfigInput Input(KubeconfigKind kind) => new() { Cluster = TestCluster.Ref, Step = "4-export-admin", Kind = kind, AdminTtl = KopsDuration.FromHours(18) };

    private Task<DeliveryResult> DeliverAsync(KubeconfigKind kind) => TestCluster.RunAsync(() => Activities.DeliverKubeconfigAsync(Input(kind) with { ExpectedCaFingerprints = [_ca.Fingerprint] }));

    private Task<DeliveryResult> RestoreAsync() => TestCluster.RunAsync(() => Activities.RestoreKubeconfigAsync(new() { Cluster = TestCluster.Ref, Step = "4-export-admin" }));

    private static string Encode(string text) => Convert.ToBase64String(Encoding.ASCII.GetBytes(text));
}
