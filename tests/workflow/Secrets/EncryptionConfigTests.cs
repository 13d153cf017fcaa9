using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Secrets;

/// <summary>The five moves of an encryption configuration, with Secrets written by every API server at any moment: forward, back from everywhere, held and resumed.</summary>
public sealed class EncryptionConfigTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static RotateSecretRequest Auto(RotationHarness harness, FailureReaction onFailure = FailureReaction.Hold) =>
        new() { Cluster = harness.Cluster.Name, Secret = SecretName.EncryptionConfig, Approvals = new() { Auto = true }, OnFailure = onFailure };

    [Fact]
    public async Task The_smallest_input_waits_at_its_gates_and_ends_with_every_Secret_under_the_new_key()
    {
        await using var harness = new RotationHarness(server, controlPlane: 3);
        var handle = await harness.StartRawAsync("RotateSecret", $"{{\"cluster\":\"{harness.Cluster.Name}\",\"secret\":\"encryptionConfig\"}}");

        RotationStatus first = await RotationHarness.AtGateAsync(handle, "1-add-key");
        SecretPlan plan = await handle.QueryAsync<SecretPlan>("plan", []);
        await RotationHarness.ApproveAsync(handle, "1-add-key");
        RotationStatus second = await RotationHarness.AtGateAsync(handle, "5-remove-key");
        await RotationHarness.ApproveAsync(handle, "5-remove-key");
        RotationResult result = await handle.GetResultAsync<RotationResult>();

        result.State.ShouldBe(RotationState.Completed);
        result.Steps.ShouldAllBe(s => s.State == StepState.Done);
        result.Secret.ShouldNotBeNull().Keys.ShouldBe(1);
        result.Secret.SecretsProved.ShouldBeGreaterThan(5);
        harness.Cluster.Vault.EncryptionKeys.ShouldBe("k1");
        harness.Cluster.Vault.Stored.Values.Distinct().ShouldBe(["k1"]);
        harness.Cluster.Violations.ShouldBeEmpty();
        harness.Cluster.Terminated.Count.ShouldBe(9);
        first.SendNext.ShouldNotBeNull().ShouldContain(plan.PlanHash);
        plan.Steps.Select(s => s.Name).ShouldBe(["1-add-key", "2-promote-key", "3-rewrite-secrets", "4-prove", "5-remove-key"]);
        plan.Instances.ShouldAllBe(i => i.Role == InstanceGroupRole.ControlPlane);
        second.Doing.ShouldContain("proved to be under the new key");
        second.Secret.ShouldNotBeNull().Keys.ShouldBe(2);
    }

    [Theory]
    [InlineData("ChangeSecretAsync", 1)]
    [InlineData("AfterChange", 1)]
    [InlineData("UpdateClusterAsync", 1)]
    [InlineData("ReadSecretsAsync", 1)]
    [InlineData("ChangeSecretAsync", 2)]
    [InlineData("AfterChange", 2)]
    [InlineData("UpdateClusterAsync", 2)]
    [InlineData("TerminateInstanceAsync", 4)]
    [InlineData("RewriteSecretsAsync", 1)]
    [InlineData("RewriteSecretsAsync", 2)]
    [InlineData("ChangeSecretAsync", 3)]
    [InlineData("AfterChange", 3)]
    [InlineData("TerminateInstanceAsync", 6)]
    [InlineData("ReadSecretsAsync", 3)]
    public async Task From_everywhere_the_way_back_ends_with_every_Secret_under_the_old_key(string activity, int call)
    {
        await using var harness = new RotationHarness(server, controlPlane: 2);
        harness.Faults.Fail(activity, n => n == call ? RotationErrors.KopsUsage : null);

        RotationResult result = await RotationHarness.EndOfAsync(await harness.StartAsync(Auto(harness, FailureReaction.Rollback)));

        result.State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Cluster.Vault.Stored.Values.Distinct().ShouldBe(["k0"]);
        harness.Cluster.Nodes.ShouldAllBe(n => n.Boot.EncryptionKeys == "k0");
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("AfterChange", 1, "1-add-key")]
    [InlineData("TerminateInstanceAsync", 3, "2-promote-key")]
    [InlineData("RewriteSecretsAsync", 1, "3-rewrite-secrets")]
    [InlineData("RewriteSecretsAsync", 2, "4-prove")]
    [InlineData("UpdateClusterAsync", 3, "5-remove-key")]
    public async Task A_step_that_fails_holds_and_goes_on_when_it_is_resumed(string activity, int call, string step)
    {
        await using var harness = new RotationHarness(server, controlPlane: 2);
        harness.Faults.Fail(activity, n => n == call ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(Auto(harness));

        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        standing.Step.ShouldBe(step);
        harness.Cluster.Vault.EncryptionKeys.ShouldBe("k1");
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Answers_that_are_lost_after_their_effect_make_no_second_key()
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Disturb("AfterChange", RotationErrors.KopsFailed, n => n % 2 == 1);

        (await RotationHarness.EndOfAsync(await harness.StartAsync(Auto(harness)))).State.ShouldBe(RotationState.Completed);

        harness.Faults.CallsOf("ChangeSecretAsync").ShouldBe(6);
        harness.Cluster.Vault.EncryptionKeys.ShouldBe("k1");
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_Secret_that_was_still_under_the_old_key_holds_at_the_proof()
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail("RewriteSecretsAsync", n =>
        {
            if (n == 2)
                harness.Cluster.Vault.Stored["late"] = "k0";
            return null;
        });
        var handle = await harness.StartAsync(Auto(harness));

        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        standing.Step.ShouldBe("4-prove");
        standing.LastFailure.ShouldNotBeNull().ShouldMatch("1 of [0-9]+ Secrets were still under another key");
        harness.Faults.CallsOf("RewriteSecretsAsync").ShouldBe(3);
    }

    [Fact]
    public async Task A_configuration_that_somebody_else_changed_holds_and_is_not_overwritten_on_the_way_back()
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail("UpdateClusterAsync", n =>
        {
            if (n == 2)
                harness.Cluster.Vault.Contents[SecretName.EncryptionConfig] = "foreign,k1,k0";
            return n == 2 ? RotationErrors.KopsUsage : null;
        });
        var handle = await harness.StartAsync(Auto(harness));

        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "ann@example.com" }]);
        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused && s.LastFailure?.Contains("DriftDetected", StringComparison.Ordinal) == true);
        string untouched = harness.Cluster.Vault.EncryptionKeys;
        harness.Cluster.Vault.Contents[SecretName.EncryptionConfig] = "k1,k0";
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        untouched.ShouldBe("foreign,k1,k0");
        standing.Doing.ShouldContain("The way back from 2-promote-key failed and holds");
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task The_way_back_to_a_step_stands_before_it_and_goes_forward_again()
    {
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(new RotateSecretRequest { Cluster = harness.Cluster.Name, Secret = SecretName.EncryptionConfig });
        await RotationHarness.ApproveAllAsync(handle, "1-add-key");
        await RotationHarness.AtGateAsync(handle, "5-remove-key");

        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "ann@example.com", ToStep = "2-promote-key" }]);
        await RotationHarness.AtGateAsync(handle, "again-2-promote-key");
        string[] keysBetween = [.. harness.Cluster.Vault.Stored.Values.Distinct()];
        await RotationHarness.ApproveAllAsync(handle, "again-2-promote-key", "5-remove-key");

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        keysBetween.ShouldBe(["k0"]);
        harness.Cluster.Vault.Stored.Values.Distinct().ShouldBe(["k1"]);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Objects_of_other_kinds_under_the_key_are_refused_before_anything_is_changed()
    {
        await using var harness = new RotationHarness(server);
        harness.Cluster.Vault.Resources = ["secrets", "configmaps"];

        var failure = await RotationHarness.FailureOfAsync(await harness.StartAsync(Auto(harness)));

        failure.ErrorType.ShouldBe("PreflightFailed");
        failure.Message.ShouldContain("configmaps");
        harness.Faults.Log.ShouldNotContain("ChangeSecretAsync");
    }
}
