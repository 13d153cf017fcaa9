using System.Text;
using System.Text.Json;
using Rotation.Activities.Clusters;
using Rotation.Activities.Keysets;
using Rotation.Activities.Legacy;
using Rotation.Activities.Secrets;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Every mutation through kops is run to each crash point and again, and twice at once: its effect happens exactly once.</summary>
[CrashTested("StageKeypair", "PromoteKeypair", "DistrustKeypair", "TrustKeypair", "ChangeSecret", "RestoreSecret", "UpdateCluster", "DeleteCredential", "RollWithKops")]
public sealed class KopsCrashTests : IDisposable
{
    private const string Ca = "kubernetes-ca";
    private const string SetKeyset = "cp \"$TEST/after.yaml\" \"$STORE/pki/private/kubernetes-ca/keyset.yaml.new\" && mv \"$STORE/pki/private/kubernetes-ca/keyset.yaml.new\" \"$STORE/pki/private/kubernetes-ca/keyset.yaml\"";
    private const string SetSecret = "printf '{\"Data\":\"%s\"}\\n' \"$(base64 -w0 \"$5\")\" > \"$STORE/secrets/$3\"";
    private const string Update = "[ -f \"$TEST/updated\" ] && exit 0; touch \"$TEST/updated\"";
    private const string Encryption = "kind: EncryptionConfiguration\nresources:\n- providers:\n  - aescbc:\n      keys:\n      - {name: key1, secret: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=}\n";

    private static readonly TestKeypair Old = new(Ca, 1_700_000_000_000_000_001, keyBits: 1024);
    private static readonly TestKeypair New = new(Ca, 1_700_000_000_000_000_002, keyBits: 1024);
    private static readonly string[] Mutations = ["stage", "promote", "distrust", "trust", "change-secret", "restore-secret", "update", "delete", "roll", "roll by force"];

    // As kops: nothing is rolled that needs no update, unless forced.
    private const string Roll = "[ -f \"$TEST/rolled\" ] && [ \"$4\" != --force ] && exit 0; touch \"$TEST/rolled\"";

    private readonly TestCluster _cluster = new();

    public static TheoryData<string, CrashPoint> Crashes
    {
        get
        {
            var all = new TheoryData<string, CrashPoint>();
            foreach (string mutation in Mutations)
                foreach (CrashPoint at in Enum.GetValues<CrashPoint>())
                    all.Add(mutation, at);
            return all;
        }
    }

    public static TheoryData<string> All => [.. Mutations];

    [Theory]
    [MemberData(nameof(Crashes))]
    public async Task Killed_and_run_again_has_its_effect_once(string mutation, CrashPoint at)
    {
        (Func<Task<bool>> run, string effect) = Prepare(mutation);
        _cluster.Script(Tolerant(CrashScript.Dying(effect, at)));
        (await Should.ThrowAsync<ApplicationFailureException>(run())).NonRetryable.ShouldBeFalse();

        _cluster.Script(Tolerant(CrashScript.Living(effect)));
        await run();
        await run();

        CrashScript.Effects(_cluster).ShouldBe(1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Two_at_once_have_one_effect(string mutation)
    {
        (Func<Task<bool>> run, string effect) = Prepare(mutation);
        _cluster.Script(Tolerant("sleep 0.2\n" + CrashScript.Living(effect)));

        await Task.WhenAll(run(), run());

        CrashScript.Effects(_cluster).ShouldBe(1);
    }

    [Fact]
    public async Task An_update_is_run_again_once_when_a_ca_is_missing_and_fails_when_it_still_is()
    {
        (Func<Task<bool>> run, _) = Prepare("update");
        _cluster.Script(Tolerant("[ -f \"$TEST/second\" ] && exit 0; touch \"$TEST/second\"; echo \"Error: CA key for 'ca' was not found\" >&2; exit 1"));
        await run();
        _cluster.Calls().Count(c => c.StartsWith("update", StringComparison.Ordinal)).ShouldBe(2);

        _cluster.Script("echo \"Error: CA key for 'ca' was not found\" >&2; exit 1");
        (await Should.ThrowAsync<ApplicationFailureException>(run())).ErrorType.ShouldBe(RotationErrors.KopsFailed);
        _cluster.Calls().Count(c => c.StartsWith("update", StringComparison.Ordinal)).ShouldBe(4);
    }

    public void Dispose() => _cluster.Dispose();

    // After an update the instances are read, which asks kops for a credential, the groups and the instances; those of a roll are others afterwards.
    private static string Tolerant(string effect) => $"case \"$1 $2\" in 'get instances') [ -f \"$TEST/rolled\" ] && id=i-new || id=i-old; echo \"[{{\\\"id\\\":\\\"$id\\\",\\\"instanceGroup\\\":\\\"nodes\\\",\\\"status\\\":\\\"UpToDate\\\"}}]\"; exit 0;; 'get instancegroups') echo '[]'; exit 0;; 'export kubecfg') echo 'kind: Config' > \"$4\"; exit 0;; esac\n{effect}";

    private (Func<Task<bool>> Run, string Effect) Prepare(string mutation)
    {
        Directory.CreateDirectory(Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name, "secrets"));
        KeysetActivities keysets = _cluster.Get<KeysetActivities>();
        switch (mutation)
        {
            case "stage":
                Keysets(TestKeypair.Yaml(Ca, Old, Old), TestKeypair.Yaml(Ca, Old, Old, New));
                return (() => RunAsync(() => keysets.StageKeypairAsync(new() { Cluster = TestCluster.Ref, Keyset = Ca, KnownIds = [Old.Id] })), SetKeyset);
            case "promote":
                Keysets(TestKeypair.Yaml(Ca, Old, Old, New), TestKeypair.Yaml(Ca, New, Old, New));
                return (() => RunAsync(() => keysets.PromoteKeypairAsync(Input(New))), SetKeyset);
            case "distrust":
                Keysets(TestKeypair.Yaml(Ca, New, Old, New), Distrusted(TestKeypair.Yaml(Ca, New, Old, New)));
                return (() => RunAsync(() => keysets.DistrustKeypairAsync(Input(Old))), SetKeyset);
            case "trust":
                Keysets(Distrusted(TestKeypair.Yaml(Ca, New, Old, New)), TestKeypair.Yaml(Ca, New, Old, New));
                return (() => RunAsync(() => keysets.TrustKeypairAsync(Input(Old))), SetKeyset);
            case "delete":
                Keysets(TestKeypair.Yaml(Ca, Old, Old), "");
                return (() => RunAsync(() => _cluster.Get<LegacyActivities>().DeleteCredentialAsync(new() { Cluster = TestCluster.Ref, Kind = CredentialKind.Keypair, Name = Ca })), "rm -r \"$STORE/pki/private/$4\"");
            case "update":
                Keysets(TestKeypair.Yaml(Ca, Old, Old), "");
                return (() => RunAsync(() => _cluster.Get<ClusterActivities>().UpdateClusterAsync(TestCluster.Ref)), Update);
            case "roll" or "roll by force":
                Keysets(TestKeypair.Yaml(Ca, Old, Old), "");
                return (() => RunAsync(() => _cluster.Get<KopsRollActivities>().RollWithKopsAsync(new() { Cluster = TestCluster.Ref, Force = mutation != "roll" })), Roll);
            default:
                return Secret(mutation == "restore-secret");
        }
    }

    private (Func<Task<bool>> Run, string Effect) Secret(bool restore)
    {
        SecretActivities secrets = _cluster.Get<SecretActivities>();
        var input = new ChangeSecretInput { Cluster = TestCluster.Ref, Secret = SecretName.EncryptionConfig, Step = "1", Move = SecretMove.AddKey };
        File.WriteAllText(Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name, "secrets/encryptionconfig"), JsonSerializer.Serialize(new { Data = Encoding.UTF8.GetBytes(Encryption) }));
        if (!restore)
            return (() => RunAsync(() => secrets.ChangeSecretAsync(input)), SetSecret);

        _cluster.Script(SetSecret);
        RunAsync(() => secrets.ChangeSecretAsync(input)).GetAwaiter().GetResult();
        return (() => RunAsync(() => secrets.RestoreSecretAsync(input)), SetSecret);
    }

    private void Keysets(string before, string after)
    {
        _cluster.Put(Ca, before);
        File.WriteAllText(Path.Combine(_cluster.Folder, "after.yaml"), after);
    }

    private static string Distrusted(string yaml) => yaml.Replace($"  - id: \"{Old.Id}\"", $"  - distrustTimestamp: \"2026-11-23T20:16:44Z\"\n    id: \"{Old.Id}\"", StringComparison.Ordinal);

    private static KeypairInput Input(TestKeypair keypair) => new() { Cluster = TestCluster.Ref, Keyset = Ca, KeypairId = keypair.Id };

    private static Task<bool> RunAsync<T>(Func<Task<T>> activity) => TestCluster.RunAsync(async () =>
    {
        await activity();
        return true;
    });
}
