using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Secrets;

/// <summary>The secrets that have no keys to move: what is replaced for them, the way back, and what is refused.</summary>
public sealed class OtherSecretTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static RotateSecretRequest Auto(RotationHarness harness, SecretName secret, FailureReaction onFailure = FailureReaction.Hold) =>
        new() { Cluster = harness.Cluster.Name, Secret = secret, Approvals = new() { Auto = true }, OnFailure = onFailure, Settle = new(TimeSpan.FromMilliseconds(10)) };

    [Theory]
    [InlineData(SecretName.DockerConfig, 3, true, "d1")]
    [InlineData(SecretName.WeavePassword, 3, false, "w0+")]
    [InlineData(SecretName.CiliumPassword, 0, false, "3+")]
    public async Task Replaces_as_many_nodes_as_its_consumers_need(SecretName secret, int nodes, bool drains, string content)
    {
        await using var harness = new RotationHarness(server);

        RotationResult result = await RotationHarness.EndOfAsync(await harness.StartAsync(Auto(harness, secret)));

        result.State.ShouldBe(RotationState.Completed);
        result.NodesRolled.ShouldBe(nodes);
        harness.Cluster.Vault.Contents[secret].ShouldBe(content);
        (harness.Faults.CallsOf("DrainNodeAsync") > 0).ShouldBe(drains);
        harness.Cluster.Terminated.ShouldBeUnique();
    }

    [Theory]
    [InlineData(SecretName.DockerConfig, "UpdateClusterAsync", 0)]
    [InlineData(SecretName.DockerConfig, "TerminateInstanceAsync", 3)]
    [InlineData(SecretName.DockerConfig, "AfterChange", 0)]
    [InlineData(SecretName.WeavePassword, "TerminateInstanceAsync", 3)]
    [InlineData(SecretName.CiliumPassword, "ValidateClusterAsync", 0)]
    public async Task Goes_back_to_the_content_from_before(SecretName secret, string activity, int rolledBack)
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail(activity, n => n == 1 ? RotationErrors.KopsUsage : null);

        RotationResult result = await RotationHarness.EndOfAsync(await harness.StartAsync(Auto(harness, secret, FailureReaction.Rollback)));

        result.State.ShouldBe(RotationState.RolledBack);
        result.NodesRolled.ShouldBeGreaterThanOrEqualTo(rolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task A_held_roll_goes_on_where_it_was_when_it_is_resumed()
    {
        await using var harness = new RotationHarness(server, workers: 3);
        harness.Faults.Fail("TerminateInstanceAsync", n => n == 3 ? RotationErrors.CloudRefused : null);
        var handle = await harness.StartAsync(Auto(harness, SecretName.DockerConfig));

        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        harness.Cluster.Terminated.Order(StringComparer.Ordinal).ShouldBe(["i-001", "i-002", "i-003", "i-004"]);
    }

    [Theory]
    [InlineData(SecretName.WeavePassword, "no weavepassword")]
    [InlineData(SecretName.DockerConfig, "no dockerconfig")]
    [InlineData(SecretName.EncryptionConfig, "no encryptionconfig")]
    public async Task What_is_not_there_is_refused_with_the_reason(SecretName secret, string reason)
    {
        await using var harness = new RotationHarness(server);
        harness.Cluster.Vault.Contents.Remove(secret);

        var failure = await RotationHarness.FailureOfAsync(await harness.StartAsync(Auto(harness, secret)));

        failure.ErrorType.ShouldBe("PreflightFailed");
        failure.Message.ShouldContain(reason);
        failure.Message.ShouldContain("Nothing was changed");
    }

    [Theory]
    [InlineData("""{"cluster": "CLUSTER"}""", "secret: is required")]
    [InlineData("""{"cluster": "CLUSTER", "secret": "encryption"}""", "secret: \"encryption\" is not one of encryptionConfig")]
    [InlineData("""{"secret": "dockerConfig"}""", "cluster: is required")]
    [InlineData("""{"cluster": "CLUSTER", "secret": "dockerConfig", "settle": "soon"}""", "settle")]
    [InlineData("""{"cluster": "CLUSTER", "secret": "dockerConfig", "keysets": ["all"]}""", "keysets: unknown field")]
    [InlineData("""{"cluster": "CLUSTER", "secret": "dockerConfig", "approvals": {"quorum": 0}}""", "approvals.quorum")]
    [InlineData("""{"cluster": "CLUSTER", "secret": "dockerConfig", "roll": {"engine": "rust"}}""", "roll.engine")]
    [InlineData("\"CLUSTER\"", "JSON object")]
    public async Task A_bad_input_fails_at_once_and_names_what_is_wrong(string json, string names)
    {
        await using var harness = new RotationHarness(server);

        var failure = await RotationHarness.FailureOfAsync(await harness.StartRawAsync("RotateSecret", json.Replace("CLUSTER", harness.Cluster.Name, StringComparison.Ordinal)));

        failure.ErrorType.ShouldBe("InvalidRequest");
        failure.Message.ShouldContain(names);
        harness.Faults.Log.ShouldNotContain("ReadClusterAsync");
    }

    [Fact]
    public async Task A_rejected_plan_changes_nothing_and_a_second_rotation_of_the_same_id_decides_anew()
    {
        await using var harness = new RotationHarness(server);
        var rejected = await harness.StartAsync(new RotateSecretRequest { Cluster = harness.Cluster.Name, Secret = SecretName.CiliumPassword });
        await RotationHarness.AtGateAsync(rejected, "1-replace");
        await rejected.ExecuteUpdateAsync<RotationStatus>("reject", [new Approval { Gate = "1-replace", Approver = "ann@example.com" }]);
        (await RotationHarness.FailureOfAsync(rejected)).ErrorType.ShouldBe("Rejected");
        string id = Rotation.Tests.Support.RandomId.New("again");

        foreach (string content in new[] { "3+", "3++" })
        {
            (await RotationHarness.EndOfAsync(await harness.StartAsync(Auto(harness, SecretName.CiliumPassword), id))).State.ShouldBe(RotationState.Completed);
            harness.Cluster.Vault.Contents[SecretName.CiliumPassword].ShouldBe(content);
        }
    }
}
