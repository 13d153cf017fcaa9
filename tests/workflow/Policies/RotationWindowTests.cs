using System.Globalization;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Policies;

/// <summary>A rotation, the real one, with a maintenance window: a late start changes nothing and replaces no node outside it.</summary>
public sealed class RotationWindowTests
{
    [Fact]
    public async Task Started_while_the_window_is_closed_it_changes_nothing_until_it_opens()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new RotationHarness(server);
        DateTimeOffset now = await server.NowAsync();
        var handle = await harness.StartAsync(harness.Auto with { Window = Daily(now.AddHours(2), now.AddHours(10)) });

        await RotationHarness.StatusWhenAsync(handle, s => s.Doing.StartsWith("Waits for the maintenance window", StringComparison.Ordinal));
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Faults.CallsOf("StageKeypairAsync").ShouldBe(0);

        await server.PassAsync(TimeSpan.FromHours(3));
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task When_it_closes_in_the_middle_of_a_roll_no_further_node_is_replaced_until_it_opens()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 2);
        DateTimeOffset now = await server.NowAsync();
        var roll = new RollOptions { MaxSurge = "0", MaxUnavailable = "1", ParallelGroups = false, ValidationTimeout = KopsDuration.FromHours(9) };
        harness.Faults.Findings = ["a pod is not ready yet"];
        var handle = await harness.StartAsync(harness.Auto with { Window = Daily(now.AddHours(-1), now.AddHours(1)), Roll = roll });
        await Eventually.HoldsAsync(() => harness.Faults.CallsOf("ValidateClusterAsync").ShouldBeGreaterThan(0));

        // The cluster gets well when the window has closed.
        await server.PassAsync(TimeSpan.FromMinutes(90));
        harness.Faults.Findings = [];
        await server.PassAsync(TimeSpan.FromHours(3));
        RollStatus[] groups = [await harness.Handle($"{handle.Id}-roll-1-control-plane-0").QueryAsync<RollStatus>("status", [])];
        groups.ShouldAllBe(g => g.Paused && g.Done == 0);
        harness.Cluster.Terminated.ShouldBeEmpty();

        await server.PassAsync(TimeSpan.FromHours(24));
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_gate_and_the_way_back_do_not_wait_for_the_window()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new RotationHarness(server);
        DateTimeOffset now = await server.NowAsync();
        var handle = await harness.StartAsync(harness.Asking with { Window = Daily(now.AddHours(-1), now.AddHours(1)) });
        await RotationHarness.ApproveAllAsync(handle, "1-stage");
        await RotationHarness.AtGateAsync(handle, "3-promote");
        await server.PassAsync(TimeSpan.FromHours(3));

        await RotationHarness.ApproveAsync(handle, "3-promote");
        await RotationHarness.StatusWhenAsync(handle, s => s.Doing.StartsWith("Waits for the maintenance window", StringComparison.Ordinal));
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "ann@example.com" }]);

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task A_time_zone_that_does_not_exist_is_refused()
    {
        await using SkippingServer server = await SkippingServer.StartAsync();
        await using var harness = new RotationHarness(server);

        var failure = await RotationHarness.FailureOfAsync(await harness.StartAsync(harness.Auto with { Window = new() { TimeZone = "Mars/Olympus", Blackouts = [new() { From = "2026-12-24" }] } }));

        (failure.ErrorType, failure.Message).ShouldBe((RotationErrors.InvalidRequest, "window.timeZone: 'Mars/Olympus' is not a time zone; write an IANA name such as \"Europe/Berlin\""));
    }

    private static MaintenanceWindow Daily(DateTimeOffset from, DateTimeOffset to) => new() { Windows = [new() { From = Time(from), To = Time(to) }] };

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("HH:mm", CultureInfo.InvariantCulture);
}
