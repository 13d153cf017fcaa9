using System.Text;
using Amazon.S3;
using Rotation.Activities.Keysets;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Legacy;
using Rotation.Activities.Stores;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

/// <summary>The state store and the sink on a real S3-compatible server; skipped where <c>eng/install-optional-tools</c> could not get one.</summary>
public sealed class S3Tests : IAsyncLifetime
{
    private S3Server? _server;
    private TestCluster? _cluster;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private TestCluster Cluster => _cluster!;

    private IAmazonS3 S3 => Cluster.Get<S3Clients>().ForStateStore();

    public async ValueTask InitializeAsync()
    {
        _server = await S3Server.StartAsync();
        // kops' own variables for compatible stores.
        Environment.SetEnvironmentVariable("S3_ACCESS_KEY_ID", S3Server.Credential);
        Environment.SetEnvironmentVariable("S3_SECRET_ACCESS_KEY", S3Server.Credential);
        string url = _server.Url;
        _cluster = new(new() { ["Rotation:StateStore"] = "s3://state/stores", ["Rotation:Aws:EndpointUrl"] = url, ["Rotation:Sinks:s3:Type"] = "s3", ["Rotation:Sinks:s3:Bucket"] = "state", ["Rotation:Sinks:s3:Key"] = "out/{cluster}", ["Rotation:Sinks:s3:Endpoint"] = url });
    }

    [Fact]
    public async Task Keysets_are_read_from_s3_as_from_a_folder()
    {
        using var keypair = new TestKeypair("kubernetes-ca", 17);
        foreach (string name in new[] { "kubernetes-ca", "service-account" })
            await PutAsync($"stores/{TestCluster.Ref.Name}/pki/private/{name}/keyset.yaml", TestKeypair.Yaml(name, keypair, keypair));
        await PutAsync($"stores/{TestCluster.Ref.Name}/pki/private/kubelet/keyset.yaml", "not one that kops rotates");

        KeysetList keysets = await Cluster.Get<KeysetReader>().ReadAllAsync(TestCluster.Ref, Token);

        keysets.Keysets.Select(k => k.Name).ShouldBe(["kubernetes-ca", "service-account"]);
        keysets.Keysets[0].Keypairs.Single().Fingerprint.ShouldBe(keypair.Fingerprint);
    }

    [Fact]
    public async Task A_bucket_that_is_not_there_is_invalid_and_a_server_that_does_not_answer_is_retried()
    {
        var reader = Cluster.Get<KeysetReader>();
        (await Should.ThrowAsync<ApplicationFailureException>(reader.ReadAllAsync(TestCluster.Ref with { StateStore = "s3://nosuch" }, Token))).ErrorType.ShouldBe(RotationErrors.StateStoreInvalid);

        await _server!.KillAsync();

        var error = await Should.ThrowAsync<ApplicationFailureException>(reader.ReadAllAsync(TestCluster.Ref, Token));
        error.ErrorType.ShouldBe(RotationErrors.StateStoreUnavailable);
        error.NonRetryable.ShouldBeFalse();
    }

    [Fact]
    public async Task A_sink_in_s3_reads_what_it_wrote_and_nothing_when_deleted()
    {
        IKubeconfigSink sink = Cluster.Get<Sinks>().Choose(["s3"]).Single().Sink;

        (await sink.ReadAsync(TestCluster.Ref.Name, Token)).ShouldBeNull();
        await sink.WriteAsync(TestCluster.Ref.Name, "content"u8.ToArray(), Token);
        Encoding.UTF8.GetString((await sink.ReadAsync(TestCluster.Ref.Name, Token))!).ShouldBe("content");
        await sink.DeleteAsync(TestCluster.Ref.Name, Token);
        await sink.DeleteAsync(TestCluster.Ref.Name, Token);

        (await sink.ReadAsync(TestCluster.Ref.Name, Token)).ShouldBeNull();
    }

    [Fact]
    public async Task A_copy_of_the_credentials_is_put_back_into_the_bucket_and_what_was_added_is_removed()
    {
        string store = $"stores/{TestCluster.Ref.Name}";
        await PutAsync($"{store}/pki/private/kubernetes-ca/keyset.yaml", "ca");
        await PutAsync($"{store}/secrets/dockerconfig", "docker");
        BackupState made = await TestCluster.RunAsync(() => Cluster.Get<LegacyActivities>().BackUpCredentialsAsync(TestCluster.Ref));
        await S3.DeleteObjectAsync("state", $"{store}/pki/private/kubernetes-ca/keyset.yaml", Token);
        await PutAsync($"{store}/secrets/dockerconfig", "other");
        await PutAsync($"{store}/pki/private/new-ca/keyset.yaml", "new");

        BackupState restored = await TestCluster.RunAsync(() => Cluster.Get<LegacyActivities>().RestoreCredentialsAsync(TestCluster.Ref));
        await TestCluster.RunAsync(() => Cluster.Get<LegacyActivities>().RestoreCredentialsAsync(TestCluster.Ref));

        restored.ShouldBe(made);
        var objects = (await S3.ListObjectsV2Async(new() { BucketName = "state", Prefix = store }, Token)).S3Objects;
        objects.Select(o => o.Key).Order(StringComparer.Ordinal).ShouldBe([$"{store}/pki/private/kubernetes-ca/keyset.yaml", $"{store}/secrets/dockerconfig"]);
        using StreamReader docker = new((await S3.GetObjectAsync("state", $"{store}/secrets/dockerconfig", Token)).ResponseStream);
        (await docker.ReadToEndAsync(Token)).ShouldBe("docker");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        _cluster?.Dispose();
    }

    private async Task PutAsync(string key, string content) => await S3.PutObjectAsync(new() { BucketName = "state", Key = key, ContentBody = content, UseChunkEncoding = false }, Token);
}
