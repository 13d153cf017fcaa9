using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Replay;

/// <summary>Records the histories of <c>RotateSecret</c> and <c>LegacyRotation</c>, one for each way that they end, on the terms of <see cref="HistoryRecorder"/>.</summary>
public sealed class ProcedureHistoryRecorder(RotationServer server) : IClassFixture<RotationServer>
{
    private static readonly KopsDuration Soon = new(TimeSpan.FromMilliseconds(10));

    [Fact]
    public async Task Records_a_secret_that_completes()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server);
        await CompleteAsync(await harness.StartAsync(Secret(harness) with { Approvals = new() }, "rotate-secret-completed"), "1-add-key", "5-remove-key");
        await CompleteAsync(await harness.StartAsync(Secret(harness) with { Secret = SecretName.DockerConfig }, "rotate-secret-dockerconfig"));
        await CompleteAsync(await harness.StartAsync(Secret(harness) with { Secret = SecretName.CiliumPassword }, "rotate-secret-ciliumpassword"));
        await CompleteAsync(await harness.StartAsync(Secret(harness) with { Secret = SecretName.WeavePassword }, "rotate-secret-weavepassword"));
    }

    [Fact]
    public async Task Records_a_secret_that_goes_back_from_its_last_step()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail("UpdateClusterAsync", n => n == 3 ? RotationErrors.KopsUsage : null);
        await GoBackAsync(await harness.StartAsync(Secret(harness) with { OnFailure = FailureReaction.Rollback }, "rotate-secret-rolled-back"));
    }

    [Fact]
    public async Task Records_a_secret_that_holds_and_is_resumed()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail("RewriteSecretsAsync", n => n == 1 ? RotationErrors.SecretRefused : null);
        await ResumeAsync(await harness.StartAsync(Secret(harness), "rotate-secret-held-and-resumed"));
    }

    [Fact]
    public async Task Records_a_secret_that_is_rejected()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server);
        await RejectAsync(await harness.StartAsync(Secret(harness) with { Approvals = new() }, "rotate-secret-rejected"), "1-add-key");
    }

    [Fact]
    public async Task Records_a_legacy_rotation_that_completes()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server, kopsVersion: "1.21.5");
        await CompleteAsync(await harness.StartAsync(Legacy(harness) with { Approvals = new() }, "legacy-rotation-completed"), "1-backup");
    }

    [Fact]
    public async Task Records_a_legacy_rotation_that_goes_back_from_its_last_step()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server, kopsVersion: "1.21.5");
        harness.Faults.Fail("ValidateClusterAsync", n => n == 1 ? RotationErrors.KopsUsage : null);
        await GoBackAsync(await harness.StartAsync(Legacy(harness) with { OnFailure = FailureReaction.Rollback }, "legacy-rotation-rolled-back"));
    }

    [Fact]
    public async Task Records_a_legacy_rotation_that_holds_and_is_resumed()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server, kopsVersion: "1.21.5");
        harness.Faults.Fail("RemoveEtcdCertificatesAsync", n => n == 1 ? RotationErrors.SshRefused : null);
        await ResumeAsync(await harness.StartAsync(Legacy(harness), "legacy-rotation-held-and-resumed"));
    }

    [Fact]
    public async Task Records_a_legacy_rotation_that_is_rejected()
    {
        HistoryRecorder.Demand();
        await using var harness = new RotationHarness(server, kopsVersion: "1.21.5");
        await RejectAsync(await harness.StartAsync(Legacy(harness) with { Approvals = new() }, "legacy-rotation-rejected"), "1-backup");
    }

    private static RotateSecretRequest Secret(RotationHarness harness) =>
        new() { Cluster = harness.Cluster.Name, Secret = SecretName.EncryptionConfig, Approvals = new() { Auto = true }, Settle = Soon };

    private static LegacyRotationRequest Legacy(RotationHarness harness) =>
        new() { Cluster = harness.Cluster.Name, AcknowledgeDisruption = harness.Cluster.Name, Approvals = new() { Auto = true }, Settle = Soon };

    private static async Task CompleteAsync<T>(WorkflowHandle<T, RotationResult> handle, params string[] gates)
    {
        await RotationHarness.ApproveAllAsync(handle, gates);
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        await HistoryRecorder.SaveAsync(handle);
    }

    private static async Task GoBackAsync<T>(WorkflowHandle<T, RotationResult> handle)
    {
        // A way back that would cut off clients asks first; it opens by itself here.
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        await HistoryRecorder.SaveAsync(handle);
    }

    private static async Task ResumeAsync<T>(WorkflowHandle<T, RotationResult> handle)
    {
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);
        await CompleteAsync(handle);
    }

    private static async Task RejectAsync(WorkflowHandle handle, string gate)
    {
        await RotationHarness.AtGateAsync(handle, gate);
        await handle.ExecuteUpdateAsync<RotationStatus>("reject", [new Approval { Gate = gate, Approver = "ann@example.com", Comment = "not today" }]);
        (await RotationHarness.FailureOfAsync(handle)).ErrorType.ShouldBe("Rejected");
        await HistoryRecorder.SaveAsync(handle);
    }
}
