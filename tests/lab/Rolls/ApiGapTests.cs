using Rotation.Lab;
using Rotation.Lab.Probes;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Lab.Rolls;

/// <summary>How long a roll takes the Kubernetes API away: never from a control plane of three, once from a single one, for as long as its replacement boots.</summary>
public sealed class ApiGapTests(RollServer server) : IClassFixture<RollServer>
{
    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_single_control_plane_is_away_once_and_no_longer_than_its_replacement_takes_to_boot()
    {
        await using RollRun run = await RollRun.StartAsync(server, workers: 1);
        await run.Run.ProbeAsync();
        await run.RollAsync(new RollOptions(), "control-plane");
        await run.Run.ProbeAsync();

        LabEvent stopped = run.Since(LabEvents.ApiDraining).ShouldHaveSingleItem(), serving = run.Since(LabEvents.ApiServing).ShouldHaveSingleItem();
        ProbeFailure[] failures = [.. run.Run.Probes.Snapshot().Failures.Where(f => f.Class != ProbeClasses.OldAdmin)];
        failures.ShouldNotBeEmpty();
        failures.ShouldAllBe(f => f.At >= stopped.At - Slack && f.At <= serving.At + Slack, run.Run.Describe());
        // A shutdown of 20 seconds and a boot of 120, drawn within a fifth, at the lab's speed of 400.
        (serving.At - stopped.At).ShouldBeLessThan((TimeSpan.FromSeconds(20 + (1.2 * 120)) / 400) + Slack);
    }

    [Fact]
    public async Task A_control_plane_of_three_is_never_away()
    {
        await using RollRun run = await RollRun.StartAsync(server, controlPlane: 3, workers: 1);
        await run.Run.ProbeAsync();
        await run.RollAsync(new RollOptions(), "control-plane");
        await run.Run.ProbeAsync();

        run.Since(LabEvents.ApiDraining).Count.ShouldBe(3);
        run.Run.Probes.Snapshot().Failures.Where(f => f.Class != ProbeClasses.OldAdmin).ShouldBeEmpty(run.Run.Describe());
    }
}
