using Rotation.Tests.Support;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Fleet;

/// <summary>Many clusters at once, long histories, and rotations that wait for people.</summary>
public sealed class BigFleetTests
{
    [Fact]
    public async Task A_hundred_clusters_are_at_work_at_once()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new FleetHarness(server);
        string[] names = [.. Enumerable.Range(0, 100).Select(i => $"slow-{i}")];
        var fleet = await harness.StartAsync(FleetHarness.Of(names) with { Canary = 0, AtOnce = 100 });
        await harness.RowsWhenAsync(fleet, new('R', 100));
        await Eventually.GetAsync(() => Task.FromResult(harness.World.Begun.Count), n => n == 100);

        await Task.WhenAll(names.Select(n => harness.GoAsync(fleet, n)));

        FleetHarness.Letters((await RotationHarness.EndOfAsync(fleet)).Clusters).ShouldBe(new('C', 100));
        harness.World.MostAtOnce.ShouldBe(100);
        (await fleet.FetchHistoryAsync()).Events.Count.ShouldBeLessThan(3000);
    }

    [Fact]
    public async Task A_big_fleet_continues_as_new_and_keeps_its_rows_and_what_is_at_work()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new FleetHarness(server);
        string[] names = [.. Enumerable.Range(0, 30).Select(i => i == 1 ? "slow-1" : $"ok-{i}")];
        var fleet = await harness.StartAsync(FleetHarness.Of(names) with { AtOnce = 2, ContinueAfter = 200 });
        await harness.RowsWhenAsync(fleet, "CR" + new string('C', 28));
        (await harness.Client.GetWorkflowHandle(fleet.Id).DescribeAsync()).RunId.ShouldNotBe(fleet.ResultRunId);

        // This run did not start it, so nobody tells it of the end.
        await harness.GoAsync(fleet, "slow-1");
        await server.PassAsync(TimeSpan.FromMinutes(5));

        FleetResult result = await harness.Client.GetWorkflowHandle<Workflows.RotateFleet, FleetResult>(fleet.Id).GetResultAsync();
        FleetHarness.Letters(result.Clusters).ShouldBe(new('C', 30));
        harness.World.Begun.Select(b => b.Cluster).ShouldBeUnique();
    }

    [Fact]
    public async Task A_rotation_that_is_held_is_shown_and_gives_its_place_to_the_next()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("hold-a", "hold-b", "ok-c", "slow-d") with { Canary = 0, OnFailure = FleetFailure.Continue, HoldLimit = KopsDuration.FromHours(1) });
        await harness.RowsWhenAsync(fleet, "RPPP");

        await server.PassAsync(TimeSpan.FromHours(3));
        await harness.RowsWhenAsync(fleet, "HHCR");
        await harness.GoAsync(fleet, "hold-a");
        await harness.RowsWhenAsync(fleet, "CHCR");
        await harness.GoAsync(fleet, "slow-d");

        FleetResult result = await RotateFleetTests.IncompleteAsync(fleet, "it waits for a person in 3-promote since");
        FleetHarness.Letters(result.Clusters).ShouldBe("CHCC");
        await harness.GoAsync(fleet, "hold-b");
    }

    [Fact]
    public async Task A_held_canary_stops_the_fleet()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("hold-a", "ok-b") with { HoldLimit = KopsDuration.FromHours(1) });
        await harness.RowsWhenAsync(fleet, "RP");
        await server.PassAsync(TimeSpan.FromHours(2));

        FleetHarness.Letters((await RotateFleetTests.IncompleteAsync(fleet, "hold-a")).Clusters).ShouldBe("HS");
        await harness.GoAsync(fleet, "hold-a");
    }
}
