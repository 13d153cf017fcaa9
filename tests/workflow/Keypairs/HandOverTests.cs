using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>Rotations whose workers are replaced again and again while they work, on a server that hands over what a stopping worker had asked for, and on one that does not.</summary>
public abstract class HandOverTests(RotationServer server)
{
    private static readonly int[] After = [1, 7, 13];

    [Fact]
    public async Task Every_rotation_completes_and_does_everything_once_though_its_worker_is_replaced_three_times()
    {
        RotationHarness[] all = [.. Enumerable.Range(0, 2).Select(_ => new RotationHarness(server, controlPlane: 3, workers: 3))];
        await Task.WhenAll(all.Select(RotateAsync));
        foreach (RotationHarness harness in all)
            await harness.DisposeAsync();
    }

    private static async Task RotateAsync(RotationHarness harness)
    {
        WorkflowHandle<RotateKeypairs, RotationResult> handle = await harness.StartAsync(harness.Auto);
        foreach (int replaced in After)
        {
            await Eventually.HoldsAsync(() => harness.Cluster.Terminated.Count.ShouldBeGreaterThanOrEqualTo(replaced), TimeSpan.FromMinutes(4));
            await harness.ReplaceWorkerAsync();
        }

        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(RotationState.Completed);
        result.NodesRolled.ShouldBe(18);
        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count == 2 && k.Trusted.Single() == k.Primary);
        harness.Cluster.Violations.ShouldBeEmpty();
        harness.Cluster.Terminated.Count.ShouldBe(harness.Cluster.Terminated.Distinct().Count());
    }
}

/// <inheritdoc/>
public sealed class HandOverWithTheCapabilityTests(RotationServer server) : HandOverTests(server), IClassFixture<RotationServer>;

/// <inheritdoc/>
public sealed class HandOverWithoutTheCapabilityTests(PlainServer server) : HandOverTests(server), IClassFixture<PlainServer>;
