using k8s;
using k8s.Models;
using Rotation.Tests.EndToEnd.Processes;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.EndToEnd.Rotations;

/// <summary>Symmetric secrets of a lab, rotated by server, worker and kops as processes of their own.</summary>
public sealed class SecretTests
{
    private const string Encryption = "kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n- resources: [secrets]\n  providers:\n  - aescbc:\n      keys:\n      - {name: key1, secret: AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=}\n  - identity: {}\n";

    [Fact]
    public async Task An_encryption_configuration_ends_with_the_new_key_alone_and_every_Secret_under_it()
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "1", "--control-plane", "1", "--speed", "1000");
        await CreateSecretAsync(stage, "encryptionconfig", Encryption);
        using Kubernetes api = Api(stage);
        for (int i = 0; i < 3; i++)
            await api.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = $"s{i}" }, StringData = new Dictionary<string, string> { ["a"] = "b" } }, "default");

        RotationStatus end = await RotateAsync(stage, "encryptionConfig");

        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        end.Secret.ShouldNotBeNull().ShouldSatisfyAllConditions(s => s.Keys.ShouldBe(1), s => s.SecretsProved.ShouldBe(3), s => s.After.ShouldNotBe(s.Before));
        (await api.CoreV1.ListNamespacedSecretAsync("default")).Items.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_docker_configuration_replaces_every_node_although_kops_does_not_see_that_one_needs_it()
    {
        await using Stage stage = await Stage.OpenAsync("--nodes", "1", "--control-plane", "1", "--speed", "1000");
        await CreateSecretAsync(stage, "dockerconfig", "{\"auths\":{\"old.example.com\":{}}}");
        string source = stage.Pen.PathOf("docker.json");
        await File.WriteAllTextAsync(source, "{\"auths\":{\"new.example.com\":{}}}");
        stage.Pen.Environment["Rotation__SecretSources__dockerConfig"] = source;
        await stage.KillWorkerAsync();
        await stage.StartWorkerAsync();

        RotationStatus end = await RotateAsync(stage, "dockerConfig");

        end.State.ShouldBe(RotationState.Completed, end.LastFailure);
        end.NodesRolled.ShouldBe(2);
        string stored = await File.ReadAllTextAsync(Path.Combine(stage.Folder.StateStore, stage.Card.Cluster, "secrets", "dockerconfig"));
        stored.ShouldContain(Convert.ToBase64String(await File.ReadAllBytesAsync(source)));
    }

    private static async Task CreateSecretAsync(Stage stage, string name, string content)
    {
        string file = stage.Pen.PathOf(name);
        await File.WriteAllTextAsync(file, content);
        Finished made = await stage.Pen.RunAsync("lab", "kops", "create", "secret", name, "-f", file, "--name", stage.Card.Cluster, "--state", stage.Folder.StateStoreUrl);
        made.ExitCode.ShouldBe(0, made.Errors);
    }

    private static async Task<RotationStatus> RotateAsync(Stage stage, string secret)
    {
        Finished start = await stage.Pen.RunAsync("start", "secret", "--cluster", stage.Card.Cluster, "--secret", secret, "--id", Stage.Rotation, "--auto-approve", "--no-wait");
        start.ExitCode.ShouldBe(0, start.Errors);
        return await stage.EndAsync();
    }

    private static Kubernetes Api(Stage stage)
    {
        KubernetesClientConfiguration configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(stage.Folder.Kubeconfig);
        configuration.Host = $"https://{stage.Card.Api}";
        configuration.SkipTlsVerify = true;
        return new Kubernetes(configuration);
    }
}
