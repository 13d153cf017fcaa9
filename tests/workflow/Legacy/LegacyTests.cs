using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Legacy;

/// <summary>The disruptive procedure: forward, back from each of its steps, held and resumed.</summary>
public sealed class LegacyTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static readonly string[] OldIds = ["100", "101", "102"];

    private RotationHarness Harness() => new(server, kopsVersion: "1.21.5");

    private static LegacyRotationRequest Auto(RotationHarness harness, FailureReaction onFailure = FailureReaction.Hold) => new()
    {
        Cluster = harness.Cluster.Name,
        AcknowledgeDisruption = harness.Cluster.Name,
        Approvals = new() { Auto = true },
        OnFailure = onFailure,
        Settle = new(TimeSpan.FromMilliseconds(10)),
    };

    [Fact]
    public async Task Makes_every_credential_anew_in_the_order_of_the_procedure()
    {
        await using RotationHarness harness = Harness();
        var handle = await harness.StartAsync(Auto(harness) with { Approvals = new() });
        RotationStatus gate = await RotationHarness.AtGateAsync(handle, "1-backup");
        LegacyPlan plan = await handle.QueryAsync(w => w.GetPlan());
        await RotationHarness.ApproveAsync(handle, "1-backup");

        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(RotationState.Completed);
        result.NodesRolled.ShouldBe(3);
        result.Keysets.ShouldAllBe(k => k.PrimaryAfter.Length > 0 && k.PrimaryAfter != k.PrimaryBefore);
        harness.Cluster.Keysets.SelectMany(k => k.Ids).Intersect(OldIds).ShouldBeEmpty();
        harness.Cluster.Nodes.ShouldAllBe(n => n.Boot.Issuer == harness.Cluster.Ca.Primary);
        harness.Cluster.Sinks["ops"].AdminIssuer.ShouldBe(harness.Cluster.Ca.Primary);
        harness.Faults.CallsOf("DrainNodeAsync").ShouldBe(0);
        string[] order = ["BackUpCredentialsAsync", "DeleteCredentialAsync", "UpdateClusterAsync", "RemoveEtcdCertificatesAsync", "TerminateInstanceAsync", "DeliverKubeconfigAsync", "ProveRefusedAsync", "DeleteServiceAccountTokensAsync", "RestartControllerManagerAsync", "DeletePodsAsync", "ValidateClusterAsync"];
        harness.Faults.Log.Where(order.Contains).Distinct().ShouldBe(order);
        gate.Doing.ShouldContain("Everybody is cut off");
        plan.Deletes.Keysets.Count.ShouldBe(3);
    }

    [Theory]
    [InlineData("BackUpCredentialsAsync", 1, 0)]
    [InlineData("DeleteCredentialAsync", 1, 0)]
    [InlineData("DeleteCredentialAsync", 3, 0)]
    [InlineData("AfterDelete", 2, 0)]
    [InlineData("UpdateClusterAsync", 1, 3)]
    [InlineData("RemoveEtcdCertificatesAsync", 1, 3)]
    [InlineData("TerminateInstanceAsync", 2, 3)]
    [InlineData("DeliverKubeconfigAsync", 1, 6)]
    [InlineData("ProveRefusedAsync", 1, 6)]
    [InlineData("DeleteServiceAccountTokensAsync", 1, 6)]
    [InlineData("RestartControllerManagerAsync", 1, 6)]
    [InlineData("DeletePodsAsync", 1, 6)]
    [InlineData("ValidateClusterAsync", 1, 6)]
    public async Task From_every_step_the_way_back_ends_with_every_credential_as_before(string activity, int call, int atLeastRolled)
    {
        await using RotationHarness harness = Harness();
        harness.Faults.Fail(activity, n => n == call ? RotationErrors.DeleteRefused : null);

        RotationResult result = await RotationHarness.EndOfAsync(await harness.StartAsync(Auto(harness, FailureReaction.Rollback)));

        result.State.ShouldBe(RotationState.RolledBack);
        result.NodesRolled.ShouldBeGreaterThanOrEqualTo(atLeastRolled);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Cluster.Terminated.ShouldBeUnique();
    }

    [Theory]
    [InlineData("AfterDelete", 2, "2-delete")]
    [InlineData("UpdateClusterAsync", 1, "3-update")]
    [InlineData("RemoveEtcdCertificatesAsync", 1, "4-etcd")]
    [InlineData("TerminateInstanceAsync", 2, "5-roll")]
    [InlineData("RestartControllerManagerAsync", 1, "7-tokens")]
    public async Task A_step_that_fails_holds_and_goes_on_when_it_is_resumed(string activity, int call, string step)
    {
        await using RotationHarness harness = Harness();
        harness.Faults.Fail(activity, n => n == call ? RotationErrors.SshRefused : null);
        var handle = await harness.StartAsync(Auto(harness));

        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        standing.Step.ShouldBe(step);
        harness.Cluster.Terminated.Order(StringComparer.Ordinal).ShouldBe(["i-001", "i-002", "i-003"]);
        harness.Faults.CallsOf("BackUpCredentialsAsync").ShouldBe(1);
    }

    [Fact]
    public async Task What_came_up_since_the_first_attempt_is_not_deleted_by_the_second()
    {
        await using RotationHarness harness = Harness();
        harness.Faults.Fail("RestartControllerManagerAsync", n => n == 1 ? RotationErrors.SshRefused : null);
        harness.Faults.Disturb("DeletePodsAsync", RotationErrors.KopsFailed, n => n == 1);
        harness.Faults.Disturb("DeleteServiceAccountTokensAsync", RotationErrors.KopsFailed, n => n == 1);
        var handle = await harness.StartAsync(Auto(harness));
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);

        harness.Cluster.DeletedBefore.Select(d => d.What).ShouldBe(["tokens", "pods"]);
        harness.Faults.CallsOf("DeletePodsAsync").ShouldBe(2);
    }

    [Fact]
    public async Task Going_back_after_the_update_needs_force_and_after_the_delivery_an_approval()
    {
        await using RotationHarness harness = Harness();
        harness.Faults.Fail("ProveRefusedAsync", n => n == 1 ? RotationErrors.OldCredentialAccepted : null);
        var handle = await harness.StartAsync(Auto(harness) with { Approvals = new() });
        await RotationHarness.ApproveAllAsync(handle, "1-backup");
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);

        await Should.ThrowAsync<Temporalio.Exceptions.WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "ann@example.com" }]));
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "ann@example.com", Force = true }]);
        await RotationHarness.ApproveAllAsync(handle, "rollback-2-delete");

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }
}
