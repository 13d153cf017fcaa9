using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>A step that fails for good: back to the start when the request says so, and otherwise a person decides.</summary>
public sealed class FailureTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Theory]
    [InlineData("StageKeypairAsync", 1)]
    [InlineData("StageKeypairAsync", 3)]
    [InlineData("AfterStage", 2)]
    [InlineData("UpdateClusterAsync", 1)]
    [InlineData("DeliverKubeconfigAsync", 1)]
    [InlineData("PromoteKeypairAsync", 1)]
    [InlineData("PromoteKeypairAsync", 3)]
    [InlineData("UpdateClusterAsync", 2)]
    [InlineData("DeliverKubeconfigAsync", 2)]
    [InlineData("DistrustKeypairAsync", 1)]
    [InlineData("DistrustKeypairAsync", 2)]
    [InlineData("UpdateClusterAsync", 3)]
    [InlineData("DeliverKubeconfigAsync", 3)]
    [InlineData("ProveRefusedAsync", 1)]
    [InlineData("TerminateInstanceAsync", 2)]
    public async Task With_onFailure_rollback_everything_is_as_before(string activity, int call)
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail(activity, n => n == call ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto with { OnFailure = FailureReaction.Rollback });

        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Cluster.Violations.ShouldBeEmpty();
        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count <= 2);
        harness.Cluster.Terminated.ShouldBeUnique();
    }

    [Theory]
    [InlineData("StageKeypairAsync", "1-stage")]
    [InlineData("PromoteKeypairAsync", "3-promote")]
    [InlineData("DistrustKeypairAsync", "5-distrust")]
    public async Task With_onFailure_hold_it_stands_and_goes_on_when_it_is_resumed(string activity, string step)
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail(activity, n => n == 2 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto);

        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.SignalAsync("resume", [new OperatorCall { Operator = "ann@example.com", Reason = "put right" }]);
        RotationResult result = await RotationHarness.EndOfAsync(handle);

        standing.Step.ShouldBe(step);
        standing.LastFailure.ShouldNotBeNull().ShouldContain(activity);
        result.State.ShouldBe(RotationState.Completed);
        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count == 2);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("StageKeypairAsync", false)]
    [InlineData("PromoteKeypairAsync", false)]
    [InlineData("DistrustKeypairAsync", true)]
    public async Task With_onFailure_hold_it_goes_back_when_that_is_asked_for(string activity, bool force)
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail(activity, n => n == 2 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto);
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);

        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "ann@example.com", Force = force }]);
        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_way_back_that_fails_holds_and_is_tried_again()
    {
        await using var harness = new RotationHarness(server);
        harness.Faults.Fail("PromoteKeypairAsync", n => n is 2 or 3 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto with { OnFailure = FailureReaction.Rollback });

        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.ExecuteUpdateAsync<RotationStatus>("resume", [new OperatorCall { Operator = "ann@example.com" }]);
        RotationResult result = await RotationHarness.EndOfAsync(handle);

        standing.Doing.ShouldContain("The way back from 3-promote failed and holds");
        result.State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task A_cancel_request_in_the_middle_goes_back_when_the_request_says_so()
    {
        await using var harness = new RotationHarness(server);
        WorkflowHandle<RotateKeypairs, RotationResult> handle;
        using (harness.Faults.Block("PromoteKeypairAsync"))
        {
            handle = await harness.StartAsync(harness.Auto with { OnFailure = FailureReaction.Rollback });
            await harness.Faults.ReachedAsync("PromoteKeypairAsync");
            await handle.CancelAsync();
        }

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }
}
