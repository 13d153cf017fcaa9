using System.Text;
using System.Text.Json;
using k8s;
using k8s.Models;
using Rotation.Tests.Lab.Activities;
using Rotation.Tests.Lab.Cluster;
using Rotation.Workflows.Activities;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Kubernetes;

/// <summary>Secrets under the keys of a node's boot: the moves in order keep them readable, and a move that is left out does not. The activities are the worker's own.</summary>
public sealed class SecretsAtRestTests
{
    [Fact]
    public async Task The_moves_in_order_keep_every_Secret_readable_and_the_proof_is_not_given_before_it_holds()
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var activities = new HandActivities(run);
        await MoveAsync(run, "k0");
        await CreateAsync(activities, 3);

        await MoveAsync(run, "k0", "k1");
        RewrittenSecrets early = await RewriteAsync(activities);
        await MoveAsync(run, "k1", "k0");
        RewrittenSecrets rewrite = await RewriteAsync(activities);
        RewrittenSecrets proof = await RewriteAsync(activities);
        await MoveAsync(run, "k1");

        early.ShouldBe(new RewrittenSecrets(3, 0));
        rewrite.ShouldBe(new RewrittenSecrets(3, 3));
        proof.ShouldBe(new RewrittenSecrets(3, 0));
        (await ReadAsync(activities)).Servers.ShouldHaveSingleItem().ShouldSatisfyAllConditions(s => s.Secrets.ShouldBe(3), s => s.Unreadable.ShouldBeNull());
    }

    [Theory]
    [InlineData("k1")]
    [InlineData("k1,k2")]
    public async Task A_key_that_is_removed_before_the_Secrets_are_written_again_leaves_them_unreadable(string keys)
    {
        await using var run = await LabRun.StartAsync(controlPlane: 1, workers: 1);
        using var activities = new HandActivities(run);
        await MoveAsync(run, "k0");
        await CreateAsync(activities, 1);

        await MoveAsync(run, keys.Split(','));

        (await ReadAsync(activities)).Servers.ShouldHaveSingleItem().Unreadable.ShouldNotBeNull().ShouldContain("no matching key was found");
    }

    // The state store's secret, and a control plane that boots with it.
    private static async Task MoveAsync(LabRun run, params string[] keys)
    {
        string list = string.Join('\n', keys.Select(k => $"      - {{name: {k}, secret: {Convert.ToBase64String(Encoding.ASCII.GetBytes(k.PadRight(32)))}}}"));
        string configuration = $"kind: EncryptionConfiguration\napiVersion: apiserver.config.k8s.io/v1\nresources:\n- resources: [secrets]\n  providers:\n  - aescbc:\n      keys:\n{list}\n  - identity: {{}}\n";
        string folder = Path.Combine(run.Kops.Directory, HandKops.ClusterName, "secrets");
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "encryptionconfig"), JsonSerializer.Serialize(new { Data = Encoding.UTF8.GetBytes(configuration) }));
        await run.ReplaceAsync(run.Lab.GetStatus().Nodes.Single(n => n.Role != "node").Id);
    }

    private static async Task CreateAsync(HandActivities activities, int count)
    {
        IKubernetes api = await activities.ConnectAsync();
        for (int i = 0; i < count; i++)
            await api.CoreV1.CreateNamespacedSecretAsync(new V1Secret { Metadata = new V1ObjectMeta { Name = $"s{i}" }, StringData = new Dictionary<string, string> { ["a"] = "b" } }, "default");
    }

    private static Task<RewrittenSecrets> RewriteAsync(HandActivities activities) => HandActivities.RunAsync(() => activities.StoredSecrets.RewriteSecretsAsync(HandActivities.Ref));

    private static Task<ReadableSecrets> ReadAsync(HandActivities activities) => HandActivities.RunAsync(() => activities.StoredSecrets.ReadSecretsAsync(HandActivities.Ref));
}
