using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>Copies of credentials are kept for as long as a way back may need them, and no longer.</summary>
public sealed class KeptCopiesTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Theory]
    [InlineData(FailureReaction.Hold, RotationState.Completed)]
    [InlineData(FailureReaction.Rollback, RotationState.RolledBack)]
    public async Task They_are_there_until_the_end_and_then_deleted(FailureReaction reaction, RotationState end)
    {
        await using var harness = new RotationHarness(server);
        if (reaction == FailureReaction.Rollback)
            harness.Faults.Fail("ProveRefusedAsync", n => n == 1 ? RotationErrors.KopsUsage : null);
        IDisposable block = harness.Faults.Block("DistrustKeypairAsync");
        var handle = await harness.StartAsync(harness.Auto with { OnFailure = reaction });
        await harness.Faults.ReachedAsync("DistrustKeypairAsync");
        harness.Cluster.Kept.ShouldNotBeEmpty();
        harness.Faults.CallsOf("ForgetKeptAsync").ShouldBe(0);
        block.Dispose();

        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(end);
        harness.Cluster.Kept.ShouldBeEmpty();
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_they_cannot_be_deleted_the_rotation_is_done_and_says_where_they_lie()
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Break("ForgetKeptAsync", RotationErrors.KopsUsage);
        var handle = await harness.StartAsync(harness.Auto);

        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(RotationState.Completed);
        RotationStatus status = await handle.QueryAsync(w => w.GetStatus());
        status.Doing.ShouldContain("could not be deleted");
        harness.Cluster.Kept.ShouldNotBeEmpty();
    }
}
