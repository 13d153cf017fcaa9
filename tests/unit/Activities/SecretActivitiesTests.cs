using System.Text;
using System.Text.Json;
using Rotation.Activities.Secrets;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Shouldly;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Unit.Activities;

public sealed class SecretActivitiesTests : IDisposable
{
    private const string Encryption = "kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n- resources: [secrets]\n  providers:\n  - aescbc:\n      keys:\n      - {name: key1, secret: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=}\n  - identity: {}\n";

    // As kops: the content of the file, in base64, under Data.
    private const string Store = "printf '{\"Data\":\"%s\"}\\n' \"$(base64 -w0 \"$5\")\" > \"$STORE/secrets/$3\"";

    private readonly TestCluster _cluster = new(new() { ["Rotation:SecretSources:dockerConfig"] = "{folder}/docker.json" });

    private SecretActivities Activities => _cluster.Get<SecretActivities>();

    [Fact]
    public async Task The_moves_of_an_encryption_key_rotation_each_change_what_they_say()
    {
        Put("encryptionconfig", Encryption);
        _cluster.Script(Store);

        (await ChangeAsync(SecretName.EncryptionConfig, SecretMove.AddKey, "1")).KeyCount.ShouldBe(2);
        Keys().First().ShouldBe("key1");
        (await ChangeAsync(SecretName.EncryptionConfig, SecretMove.PromoteKey, "2")).KeyCount.ShouldBe(2);
        Keys().ShouldSatisfyAllConditions(k => k.First().ShouldStartWith("rotation-"), k => k.Last().ShouldBe("key1"));
        (await ChangeAsync(SecretName.EncryptionConfig, SecretMove.RemoveOldKeys, "3")).KeyCount.ShouldBe(1);
        Content("encryptionconfig").ShouldContain("identity");
    }

    [Fact]
    public async Task An_encryption_configuration_says_what_it_covers()
    {
        Put("encryptionconfig", Encryption.Replace("[secrets]", "[secrets, configmaps]", StringComparison.Ordinal));

        SecretState state = await TestCluster.RunAsync(() => Activities.ReadSecretAsync(new() { Cluster = TestCluster.Ref, Secret = SecretName.EncryptionConfig }));

        state.Resources.ShouldBe(["secrets", "configmaps"]);
    }

    [Theory]
    [InlineData("exit 1", "")]
    [InlineData("", "kill -9 $$")]
    public async Task A_retry_after_a_crash_writes_the_same_key_and_never_a_second_one(string before, string after)
    {
        Put("encryptionconfig", Encryption);
        _cluster.Script($"cp \"$5\" \"$TEST/first\"\n{before}\n{Store}\n{after}");
        await Should.ThrowAsync<ApplicationFailureException>(ChangeAsync(SecretName.EncryptionConfig, SecretMove.AddKey, "1"));

        _cluster.Script(Store);
        (await ChangeAsync(SecretName.EncryptionConfig, SecretMove.AddKey, "1")).KeyCount.ShouldBe(2);

        Content("encryptionconfig").ShouldBe(File.ReadAllText(Path.Combine(_cluster.Folder, "first")));
        _cluster.Calls().Length.ShouldBe(before.Length > 0 ? 2 : 1);
    }

    [Fact]
    public async Task The_way_back_puts_the_previous_bytes_back_once()
    {
        Put("ciliumpassword", "keys: 15 rfc4106(gcm(aes)) 0123456789abcdef0123456789abcdef01234567 128\n");
        _cluster.Script(Store);
        await ChangeAsync(SecretName.CiliumPassword, SecretMove.Generate, "1");
        Content("ciliumpassword").ShouldStartWith("keys: 1 rfc4106(gcm(aes)) ");

        await RestoreAsync(SecretName.CiliumPassword);
        await RestoreAsync(SecretName.CiliumPassword);

        Content("ciliumpassword").ShouldBe("keys: 15 rfc4106(gcm(aes)) 0123456789abcdef0123456789abcdef01234567 128\n");
        _cluster.Calls().Length.ShouldBe(2);
    }

    [Fact]
    public async Task What_cannot_be_rotated_is_refused_and_nothing_is_changed()
    {
        Put("encryptionconfig", "kind: EncryptionConfiguration\nresources:\n- providers:\n  - identity: {}\n");

        foreach ((SecretName secret, SecretMove move) in new[] { (SecretName.EncryptionConfig, SecretMove.AddKey), (SecretName.CiliumPassword, SecretMove.Generate), (SecretName.DockerConfig, SecretMove.FromSource), (SecretName.DockerConfig, SecretMove.AddKey) })
            (await Should.ThrowAsync<ApplicationFailureException>(ChangeAsync(secret, move, "1"))).ErrorType.ShouldBe(RotationErrors.SecretRefused);
        _cluster.Calls().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_docker_configuration_comes_from_the_workers_file()
    {
        File.WriteAllText(Path.Combine(_cluster.Folder, "docker.json"), "{\"auths\":{}}");
        Directory.CreateDirectory(Folder);
        _cluster.Script(Store);

        await ChangeAsync(SecretName.DockerConfig, SecretMove.FromSource, "1");

        Content("dockerconfig").ShouldBe("{\"auths\":{}}");
    }

    public void Dispose() => _cluster.Dispose();

    private string Folder => Path.Combine(_cluster.Folder, "store", TestCluster.Ref.Name, "secrets");

    private void Put(string name, string content)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, name), JsonSerializer.Serialize(new { Data = Encoding.UTF8.GetBytes(content) }));
    }

    private string Content(string name)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, name)));
        return Encoding.UTF8.GetString(json.RootElement.GetProperty("Data").GetBytesFromBase64());
    }

    private string[] Keys() => [.. System.Text.RegularExpressions.Regex.Matches(Content("encryptionconfig"), @"name: ([\w-]+)").Select(m => m.Groups[1].Value)];

    private Task<SecretState> ChangeAsync(SecretName secret, SecretMove move, string step) => TestCluster.RunAsync(() => Activities.ChangeSecretAsync(new() { Cluster = TestCluster.Ref, Secret = secret, Move = move, Step = step }));

    private Task<SecretState> RestoreAsync(SecretName secret) => TestCluster.RunAsync(() => Activities.RestoreSecretAsync(new() { Cluster = TestCluster.Ref, Secret = secret, Step = "1" }));
}
