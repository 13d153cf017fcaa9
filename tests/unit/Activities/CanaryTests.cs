using System.Text;
using System.Text.Json;
using Rotation.Activities.Clusters;
using Rotation.Activities.Keysets;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Legacy;
using Rotation.Activities.Secrets;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Exceptions;
using Temporalio.Testing;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>
/// Plants secrets wherever kops, kubeconfigs, secrets, the state store and the environment carry them, makes everything fail and succeed, and searches all that leaves
/// the activities: results, errors, heartbeats, arguments, and files other than those that keep what a way back needs.
/// </summary>
public sealed class CanaryTests : IDisposable
{
    private const string Token = "CANARYcanaryCANARYcanary0123456789";
    private readonly TestCluster _cluster = new(new() { ["Rotation:Sinks:ops:Type"] = "file", ["Rotation:Sinks:ops:Path"] = "{folder}/out.kubeconfig", ["Rotation:DefaultSinks:0"] = "ops" });
    private readonly TestKeypair _keypair = new("kubernetes-ca", 1_700_000_000_000_000_001);
    private readonly StringBuilder _seen = new();

    // What the worker itself is configured with is not even passed on.
    static CanaryTests() => Environment.SetEnvironmentVariable("Rotation__Canary", Token);

    [Fact]
    public async Task Nothing_secret_is_in_any_result_error_heartbeat_argument_or_file()
    {
        Directory.CreateDirectory(Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name, "secrets"));
        foreach (string secret in new[] { "encryptionconfig", "ciliumpassword" })
            await File.WriteAllTextAsync(Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name, "secrets", secret), JsonSerializer.Serialize(new { Data = Encoding.ASCII.GetBytes(secret == "ciliumpassword" ? $"keys: 3 rfc4106(gcm(aes)) {Token} 128" : $"resources:\n- providers:\n  - aescbc:\n      keys:\n      - {{name: key1, secret: {Token}}}\n") }), TestContext.Current.CancellationToken);
        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _keypair, _keypair));
        string key = Convert.ToBase64String(Encoding.ASCII.GetBytes(_keypair.PrivatePem));
        string pem = _keypair.PrivatePem.Replace("\n", "\\n", StringComparison.Ordinal);
        foreach (string text in new[] { $"client-key-data: {key}", $"token: {Token}", $"error loading private key \\\"{pem}\\\"", $"{key}", $"Authorization: Bearer {Token}", $"secret={Token}", $"$(env)\nAWS_SECRET_ACCESS_KEY={Token}\nAWS_SESSION_TOKEN={Token}\nS3_SECRET_ACCESS_KEY={Token}" })
            foreach (string exit in new[] { "0", "1", "2" })
            {
                _cluster.Script($"text=\"$(cat <<X\n{text}\nX\n)\"\nprintf 'W1123 warning %s\\nError: %s\\n' \"$text\" \"$text\" >&2; printf '%s\\n' \"$text\"; [ \"$1\" = export ] && printf '%s' \"$text\" > \"$4\"; exit {exit}");
                await TryAllAsync();
            }

        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _keypair, _keypair).Replace("privateMaterial: ", $"privateMaterial: {Token} ", StringComparison.Ordinal));
        await TryAllAsync();

        foreach (string call in _cluster.Calls())
            Saw(call);
        await SearchFilesAsync();
        string all = _seen.ToString();
        all.Length.ShouldBeGreaterThan(5000);
        all.ShouldNotContain(Token);
        all.ShouldNotContain("BEGIN RSA");
        foreach (int at in new[] { 60, 200, 600 })
        {
            all.ShouldNotContain(key.Substring(at, 30));
            all.ShouldNotContain(_keypair.PrivatePem.Replace("\n", "", StringComparison.Ordinal).Substring(at, 30));
        }
    }

    private async Task SearchFilesAsync()
    {
        string[] planted = ["store/", "kops", "calls"];
        string[] keeping = ["work/kept/", "work/backups/", "out.kubeconfig"];
        foreach (string file in Directory.EnumerateFiles(_cluster.Folder, "*", SearchOption.AllDirectories))
        {
            string path = Path.GetRelativePath(_cluster.Folder, file);
            if (keeping.Any(k => path.StartsWith(k, StringComparison.Ordinal)))
                File.GetUnixFileMode(file).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite, path);
            else if (!planted.Any(p => path.StartsWith(p, StringComparison.Ordinal)))
                Saw(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        }
    }

    public void Dispose()
    {
        _cluster.Dispose();
        _keypair.Dispose();
    }

    private async Task TryAllAsync()
    {
        ClusterRef cluster = TestCluster.Ref;
        await TryAsync(() => _cluster.Get<ClusterActivities>().ReadClusterAsync(cluster));
        await TryAsync(() => _cluster.Get<ClusterActivities>().ReadKeysetsAsync(cluster));
        await TryAsync(() => _cluster.Get<ClusterActivities>().UpdateClusterAsync(cluster));
        await TryAsync(() => _cluster.Get<KeysetActivities>().StageKeypairAsync(new() { Cluster = cluster, Keyset = "kubernetes-ca", KnownIds = [_keypair.Id] }));
        await TryAsync(() => _cluster.Get<KubeconfigActivities>().DeliverKubeconfigAsync(new() { Cluster = cluster, Step = "2", ExpectedCaFingerprints = [_keypair.Fingerprint] }));
        await TryAsync(() => _cluster.Get<KopsRollActivities>().RollWithKopsAsync(new() { Cluster = cluster }));
        await TryAsync(() => _cluster.Get<KopsRollActivities>().RollWithKopsAsync(new() { Cluster = cluster, Force = true }));
        await TryAsync(() => _cluster.Get<KubeconfigActivities>().RestoreKubeconfigAsync(new() { Cluster = cluster, Step = "2" }));
        await TryAsync(() => _cluster.Get<ClusterActivities>().PreviewUpdateAsync(cluster));
        await TryAsync(() => _cluster.Get<ClusterActivities>().ReadInstancesAsync(cluster));
        foreach (SecretName secret in Enum.GetValues<SecretName>())
        {
            var change = new ChangeSecretInput { Cluster = cluster, Secret = secret, Step = "1", Move = secret == SecretName.EncryptionConfig ? SecretMove.AddKey : SecretMove.Generate };
            await TryAsync(() => _cluster.Get<SecretActivities>().ReadSecretAsync(change));
            await TryAsync(() => _cluster.Get<SecretActivities>().ChangeSecretAsync(change));
            await TryAsync(() => _cluster.Get<SecretActivities>().RestoreSecretAsync(change));
        }

        await TryAsync(() => _cluster.Get<KopsRollActivities>().ValidateWithKopsAsync(cluster));
        await TryAsync(() => _cluster.Get<LegacyActivities>().BackUpCredentialsAsync(cluster));
        await TryAsync(() => _cluster.Get<LegacyActivities>().ReadCredentialNamesAsync(cluster));
        await TryAsync(() => _cluster.Get<LegacyActivities>().DeleteCredentialAsync(new() { Cluster = cluster, Kind = CredentialKind.Keypair, Name = "kubernetes-ca" }));
    }

    private async Task TryAsync<T>(Func<Task<T>> activity)
    {
        var environment = new ActivityEnvironment { Info = ActivityEnvironment.DefaultInfo with { StartToCloseTimeout = TimeSpan.FromMinutes(2) }, Heartbeater = details => Saw(string.Join(' ', details)) };
        try
        {
            Saw(JsonSerializer.Serialize(await environment.RunAsync(activity), RotationDataConverter.Json));
        }
        catch (ApplicationFailureException e)
        {
            // The whole chain travels into history.
            Saw(e.ToString());
        }
    }

    private void Saw(string text)
    {
        lock (_seen)
            _seen.AppendLine(text);
    }
}
