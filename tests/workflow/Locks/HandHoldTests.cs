using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Locks;

/// <summary>People who keep rotations away.</summary>
public sealed class HandHoldTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task The_smallest_JSON_keeps_rotations_away_until_it_is_released()
    {
        await using var harness = new RotationHarness(server);
        var hold = await harness.StartRawAsync("ClusterHold", $$"""{"cluster": "{{harness.Cluster.Name}}"}""");
        var theLock = harness.Handle(ClusterLock.IdOf(harness.Cluster.Name, Fakes.FakeLockActivities.DefaultStore));
        await Eventually.HoldsAsync(async () => (await theLock.QueryAsync<LockStatus>("holder", [])).Holder!.Holder.WorkflowId.ShouldBe(hold.Id));

        (await RotationHarness.FailureOfAsync(await harness.StartAsync(harness.Auto))).Message.ShouldContain(hold.Id);
        (await RotationHarness.FailureOfAsync(await harness.StartRollAsync(new() { Cluster = harness.Cluster.Name }))).Message.ShouldContain(hold.Id);
        var waits = await harness.StartAsync(harness.Asking with { WhenLocked = LockReaction.Queue });
        (await RotationHarness.StatusWhenAsync(waits, s => s.Doing.Contains(hold.Id, StringComparison.Ordinal))).Doing.ShouldContain("0 before it");
        harness.Cluster.Trust.ShouldBe(harness.Before);

        await hold.SignalAsync("release", []);
        await RotationHarness.AtGateAsync(waits, "1-stage");
        await waits.CancelAsync();
        (await RotationHarness.FailureOfAsync(waits)).ErrorType.ShouldBe(RotationErrors.Cancelled);
    }

    [Fact]
    public async Task A_rotation_that_waits_can_be_cancelled_and_leaves_the_queue()
    {
        await using var harness = new RotationHarness(server);
        await harness.StartRawAsync("ClusterHold", $$"""{"cluster": "{{harness.Cluster.Name}}", "reason": "change freeze"}""");
        var waits = await harness.StartAsync(harness.Asking with { WhenLocked = LockReaction.Queue });
        await RotationHarness.StatusWhenAsync(waits, s => s.Doing.Contains("change freeze", StringComparison.Ordinal));

        await waits.CancelAsync();

        (await RotationHarness.FailureOfAsync(waits)).ErrorType.ShouldBe(RotationErrors.Cancelled);
        var theLock = harness.Handle(ClusterLock.IdOf(harness.Cluster.Name, Fakes.FakeLockActivities.DefaultStore));
        await Eventually.HoldsAsync(async () => (await theLock.QueryAsync<LockStatus>("holder", [])).Queue.ShouldBeEmpty());
    }

    [Theory]
    [InlineData("ClusterHold", """{"clutser": "a.example.com"}""", "clutser")]
    [InlineData("ClusterHold", "{}", "cluster")]
    [InlineData("ClusterLock", """{"cluster": "a.example.com"}""", "start the workflow ClusterHold")]
    public async Task What_is_mistyped_is_refused_by_name(string workflow, string json, string names)
    {
        await using var harness = new RotationHarness(server);

        var failure = await RotationHarness.FailureOfAsync(await harness.StartRawAsync(workflow, json));

        failure.ErrorType.ShouldBe(RotationErrors.InvalidRequest);
        failure.Message.ShouldContain(names);
    }
}
