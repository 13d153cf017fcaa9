using System.Text;
using System.Text.Json;
using Rotation.Activities.Clusters;
using Rotation.Activities.Keysets;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Legacy;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Exceptions;
using Temporalio.Testing;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Plants secrets wherever kops, kubeconfigs and the state store carry them, makes everything fail and succeed, and searches all that leaves the activities.</summary>
public sealed class CanaryTests : IDisposable
{
    private const string Token = "CANARYcanaryCANARYcanary0123456789";
    private readonly TestCluster _cluster = new(new() { ["Rotation:Sinks:ops:Type"] = "file", ["Rotation:Sinks:ops:Path"] = "{folder}/out.kubeconfig", ["Rotation:DefaultSinks:0"] = "ops" });
    private readonly TestKeypair _keypair = new("kubernetes-ca", 1_700_000_000_000_000_001);
    private readonly StringBuilder _seen = new();

    [Fact]
    public async Task Nothing_secret_is_in_any_result_error_or_heartbeat()
    {
        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _keypair, _keypair));
        string key = Convert.ToBase64String(Encoding.ASCII.GetBytes(_keypair.PrivatePem));
        string pem = _keypair.PrivatePem.Replace("\n", "\\n", StringComparison.Ordinal);
        foreach (string text in new[] { $"client-key-data: {key}", $"token: {Token}", $"error loading private key \\\"{pem}\\\"", $"{key}", $"Authorization: Bearer {Token}", $"secret={Token}" })
            foreach (string exit in new[] { "0", "1", "2" })
            {
                _cluster.Script($"printf 'W1123 warning {text}\\nError: {text}\\n' >&2; printf '{text}\\n'; [ \"$1\" = export ] && printf '{text}' > \"$4\"; exit {exit}");
                await TryAllAsync();
            }

        _cluster.Put("kubernetes-ca", TestKeypair.Yaml("kubernetes-ca", _keypair, _keypair).Replace("privateMaterial: ", $"privateMaterial: {Token} ", StringComparison.Ordinal));
        await TryAllAsync();

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
