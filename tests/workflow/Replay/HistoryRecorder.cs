using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Replay;

/// <summary>
/// Records the histories that <c>tests/replay</c> replays. Only with <c>ROTATION_RECORD_HISTORIES=1</c> (<c>make histories</c>), and only together with a patch in the
/// workflow: histories that are replaced no longer protect the rotations that run.
/// </summary>
public sealed class HistoryRecorder(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task Records_a_rotation_that_completes()
    {
        Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 2, cluster: "replay.example.com");
        var handle = await harness.StartAsync(harness.Asking, "rotate-keypairs-completed");
        await RotationHarness.ApproveAllAsync(handle, "1-stage", "3-promote", "5-distrust");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);

        await SaveAsync(handle);
        await SaveAsync(harness.Handle(ClusterLock.IdOf(harness.Cluster.Name, Fakes.FakeLockActivities.DefaultStore)));
        await SaveAsync(harness.Handle(ClusterHold.IdOf((await handle.DescribeAsync()).RunId)), "cluster-hold-given-back");
    }

    [Fact]
    public async Task Records_a_rotation_that_goes_back_from_its_last_step()
    {
        Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 2);
        harness.Faults.Fail("ProveRefusedAsync", _ => RotationErrors.OldCredentialAccepted);
        var handle = await harness.StartAsync(harness.Auto with { OnFailure = FailureReaction.Rollback }, "rotate-keypairs-rolled-back");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);

        await SaveAsync(handle);
    }

    [Fact]
    public async Task Records_a_rotation_that_holds_and_is_resumed()
    {
        Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Faults.Fail("PromoteKeypairAsync", n => n == 2 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto, "rotate-keypairs-held-and-resumed");
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com" }]);
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);

        await SaveAsync(handle);
    }

    [Fact]
    public async Task Records_a_rotation_that_is_rejected()
    {
        Demand();
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(harness.Asking, "rotate-keypairs-rejected");
        await RotationHarness.AtGateAsync(handle, "1-stage");
        await handle.ExecuteUpdateAsync<RotationStatus>("reject", [new Approval { Gate = "1-stage", Approver = "ann@example.com", Comment = "not today" }]);
        (await RotationHarness.FailureOfAsync(handle)).ErrorType.ShouldBe("Rejected");

        await SaveAsync(handle);
    }

    [Fact]
    public async Task Records_a_rotation_that_goes_on_where_another_stopped()
    {
        Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        foreach (string move in new[] { "stage", "update", "roll", "deliver", "promote" })
            harness.Cluster.ByHand(move);
        var handle = await harness.StartAsync(harness.Auto, "rotate-keypairs-adopted");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);

        await SaveAsync(handle);
    }

    [Fact]
    public async Task Records_a_rotation_that_goes_back_to_a_step_and_forward_again()
    {
        Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Faults.Fail("ProveRefusedAsync", n => n == 1 ? RotationErrors.OldCredentialAccepted : null);
        var handle = await harness.StartAsync(harness.Auto, "rotate-keypairs-again");
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "carol@example.com", Force = true, ToStep = "4-export-admin" }]);
        await RotationHarness.ApproveAllAsync(handle, "again-4-export-admin");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);

        await SaveAsync(handle);
    }

    [Fact]
    public async Task Records_a_rotation_in_an_emergency()
    {
        Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        var handle = await harness.StartAsync(harness.Asking with { Emergency = true }, "rotate-keypairs-emergency");
        await RotationHarness.ApproveAllAsync(handle, "1-stage");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);

        await SaveAsync(handle);
    }

    [Fact]
    public async Task Records_a_way_back_that_waits_for_tokens()
    {
        Demand();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Facts.Tokens = new() { PodsWithTokens = 1, LongestLife = KopsDuration.FromHours(24) };
        harness.Faults.Fail("DeliverKubeconfigAsync", n => n == 2 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto with { OnFailure = FailureReaction.Rollback }, "rotate-keypairs-rolled-back-after-tokens");
        await RotationHarness.ApproveAllAsync(handle, "hold-back-1-stage");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);

        await SaveAsync(handle);
    }

    internal static void Demand() =>
        Assert.SkipUnless(Environment.GetEnvironmentVariable("ROTATION_RECORD_HISTORIES") == "1", "Records only when it is asked to, by 'make histories'.");

    // Children are named after their parents, so a replay needs the id: the file has its name, escaped.
    internal static async Task SaveAsync(WorkflowHandle handle, string? name = null)
    {
        string json = (await handle.FetchHistoryAsync()).ToJson();
        await File.WriteAllTextAsync(RepositoryRoot.Combine("tests", "replay", "histories", $"{Uri.EscapeDataString(name ?? handle.Id)}.json"), json);
    }
}
