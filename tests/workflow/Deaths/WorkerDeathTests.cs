using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Deaths;

/// <summary>
/// <c>RotateSecret</c> and <c>LegacyRotation</c> whose worker dies in the middle of everything they change, forward and back: each effect is there exactly once, and the end is right.
/// </summary>
public sealed class WorkerDeathTests : IClassFixture<SkippingServer>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);
    private readonly SkippingServer _server;

    public WorkerDeathTests(SkippingServer server)
    {
        Assert.SkipUnless(server.IsEmbedded, "Only the embedded server's clock can be moved on.");
        _server = server;
    }

    [Theory]
    [InlineData(SecretName.EncryptionConfig, "k1", 3, 3, 2)]
    [InlineData(SecretName.DockerConfig, "d1", 2, 1, 0)]
    [InlineData(SecretName.WeavePassword, "w0+", 2, 1, 0)]
    [InlineData(SecretName.CiliumPassword, "3+", 0, 1, 0)]
    public async Task A_secret_is_changed_once_and_every_node_replaced_once(SecretName secret, string content, int nodes, int changes, int rewrites)
    {
        var workers = new DyingWorkers("ChangeSecret", "UpdateCluster", "RewriteSecrets", "TerminateInstance");
        await using var harness = new RotationHarness(_server, workers: 1, interceptor: workers);

        RotationResult result = await EndAsync(harness, workers, await harness.StartAsync(Secret(harness, secret)));

        result.State.ShouldBe(RotationState.Completed);
        harness.Cluster.Terminated.Count.ShouldBe(nodes);
        harness.Cluster.Terminated.ShouldBeUnique();
        harness.Cluster.Vault.Contents[secret].ShouldBe(content);
        harness.Cluster.Violations.ShouldBeEmpty();
        int Of(string activity) => workers.Deaths.Count(d => d == activity);
        (Of("ChangeSecret"), Of("UpdateCluster"), Of("RewriteSecrets"), Of("TerminateInstance")).ShouldBe((changes, changes, rewrites, nodes));
    }

    [Fact]
    public async Task A_secret_goes_back_to_what_it_was()
    {
        var workers = new DyingWorkers("RestoreSecret", "RewriteSecrets");
        await using var harness = new RotationHarness(_server, interceptor: workers);
        harness.Faults.Fail("UpdateClusterAsync", n => n == 3 ? RotationErrors.KopsUsage : null);

        RotationResult result = await EndAsync(harness, workers, await harness.StartAsync(Secret(harness, SecretName.EncryptionConfig) with { OnFailure = FailureReaction.Rollback }));

        result.State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Cluster.Vault.Stored.Values.Distinct().ShouldBe(["k0"]);
        harness.Cluster.Terminated.ShouldBeUnique();
        harness.Cluster.Violations.ShouldBeEmpty();
        workers.Deaths.ShouldBe(["RewriteSecrets", "RewriteSecrets", "RestoreSecret", "RestoreSecret", "RewriteSecrets", "RewriteSecrets", "RestoreSecret"]);
    }

    [Fact]
    public async Task The_disruptive_procedure_makes_every_credential_anew_once()
    {
        string[] changes =
            ["BackUpCredentials", "DeleteCredential", "UpdateCluster", "RemoveEtcdCertificates", "TerminateInstance", "DeliverKubeconfig", "DeleteServiceAccountTokens", "RestartControllerManager", "DeletePods"];
        var workers = new DyingWorkers(changes);
        await using var harness = new RotationHarness(_server, kopsVersion: "1.21.5", interceptor: workers);
        string[] old = [.. harness.Cluster.Keysets.SelectMany(k => k.Ids)];

        RotationResult result = await EndAsync(harness, workers, await harness.StartAsync(Legacy(harness)));

        result.State.ShouldBe(RotationState.Completed);
        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count == 1);
        harness.Cluster.Keysets.SelectMany(k => k.Ids).Intersect(old).ShouldBeEmpty();
        harness.Cluster.Nodes.ShouldAllBe(n => n.Boot.Issuer == harness.Cluster.Ca.Primary);
        harness.Cluster.Terminated.Order(StringComparer.Ordinal).ShouldBe(["i-001", "i-002", "i-003"]);
        // Both attempts spare what came up since the first began.
        harness.Cluster.DeletedBefore.Count.ShouldBe(4);
        harness.Cluster.DeletedBefore.Distinct().Count().ShouldBe(2);
        workers.Deaths.Distinct().ShouldBe(changes);
    }

    [Fact]
    public async Task The_disruptive_procedure_puts_every_credential_back()
    {
        string[] changes = ["RestoreKubeconfig", "RestoreCredentials", "DeletePods"];
        var workers = new DyingWorkers(changes);
        await using var harness = new RotationHarness(_server, kopsVersion: "1.21.5", interceptor: workers);
        harness.Faults.Fail("RestartControllerManagerAsync", n => n == 1 ? RotationErrors.SshRefused : null);

        RotationResult result = await EndAsync(harness, workers, await harness.StartAsync(Legacy(harness) with { OnFailure = FailureReaction.Rollback }));

        result.State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Cluster.Terminated.Count.ShouldBe(6);
        harness.Cluster.Terminated.ShouldBeUnique();
        workers.Deaths.ShouldBe(changes);
    }

    private static RotateSecretRequest Secret(RotationHarness harness, SecretName secret) =>
        new() { Cluster = harness.Cluster.Name, Secret = secret, Approvals = new() { Auto = true } };

    private static LegacyRotationRequest Legacy(RotationHarness harness) =>
        new() { Cluster = harness.Cluster.Name, AcknowledgeDisruption = harness.Cluster.Name, Approvals = new() { Auto = true } };

    // All waits pass at once: those between two attempts as those of the procedure.
    private async Task<RotationResult> EndAsync<T>(RotationHarness harness, DyingWorkers workers, WorkflowHandle<T, RotationResult> handle)
    {
        await _server.SkipAsync();
        Task<RotationResult> end = handle.GetResultAsync();
        await workers.BuryAsync(harness, end).WaitAsync(Patience);
        return await end;
    }
}
