using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Workflow.Fleet;

public sealed class RotateFleetTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task The_canary_goes_first_and_then_so_many_at_once_as_asked()
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("slow-a", "slow-b", "slow-c", "slow-d") with { AtOnce = 2 });

        (await harness.RowsWhenAsync(fleet, "RPPP")).ShouldBe("RPPP");
        await harness.GoAsync(fleet, "slow-a");
        await harness.RowsWhenAsync(fleet, "CRRP");
        await harness.GoAsync(fleet, "slow-c");
        await harness.RowsWhenAsync(fleet, "CRCR");
        await harness.GoAsync(fleet, "slow-b");
        await harness.GoAsync(fleet, "slow-d");

        FleetResult result = await RotationHarness.EndOfAsync(fleet);
        result.State.ShouldBe(RotationState.Completed);
        FleetHarness.Letters(result.Clusters).ShouldBe("CCCC");
        harness.World.MostAtOnce.ShouldBe(2);
        RotationStatus status = await RotationHarness.StatusAsync(fleet);
        status.Steps.Select(s => $"{s.Name} {s.State}").ShouldBe(["canary Done", "wave-1 Done"]);
    }

    [Theory]
    [InlineData("fail", 'F')]
    [InlineData("back", 'B')]
    [InlineData("locked", 'F')]
    public async Task A_canary_that_is_not_rotated_stops_the_fleet(string canary, char state)
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of($"{canary}-a", "ok-b", "ok-c") with { AtOnce = 3 });

        FleetResult result = await IncompleteAsync(fleet, $"{canary}-a.example.com");

        FleetHarness.Letters(result.Clusters).ShouldBe($"{state}SS");
        harness.World.Begun.Select(b => b.Cluster).ShouldBe([$"{canary}-a.example.com"]);
    }

    [Fact]
    public async Task In_a_wave_those_at_work_finish_and_no_other_begins_after_a_failure()
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("slow-a", "fail-b", "ok-c") with { Canary = 0, AtOnce = 2 });
        await harness.RowsWhenAsync(fleet, "RFS");
        await harness.GoAsync(fleet, "slow-a");

        FleetHarness.Letters((await IncompleteAsync(fleet, "fail-b")).Clusters).ShouldBe("CFS");
    }

    [Fact]
    public async Task Asked_to_continue_it_rotates_the_others_and_names_what_is_left()
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("fail-a", "ok-b", "back-c", "ok-d") with { OnFailure = FleetFailure.Continue, WaveSize = 2 });

        FleetHarness.Letters((await IncompleteAsync(fleet, "2 Completed, 1 RolledBack, 1 Failed")).Clusters).ShouldBe("FCBC");
    }

    [Fact]
    public async Task Gates_between_waves_open_by_approval_and_a_rejection_stops_it()
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("ok-a", "ok-b", "ok-c") with { WaveSize = 1, Gates = FleetGates.EveryWave, RequestedBy = "root@example.com" });

        await RotationHarness.AtGateAsync(fleet, "wave-1");
        var refused = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => RotationHarness.ApproveAsync(fleet, "wave-1", "root@example.com"));
        refused.InnerException!.Message.ShouldContain("cannot approve it");
        await RotationHarness.ApproveAsync(fleet, "wave-1");
        await RotationHarness.AtGateAsync(fleet, "wave-2");
        await fleet.ExecuteUpdateAsync<RotationStatus>("reject", [new Approval { Gate = "wave-2", Approver = "ann@example.com", Comment = "enough" }]);

        FleetHarness.Letters((await IncompleteAsync(fleet, "ann@example.com: enough")).Clusters).ShouldBe("CCS");
    }

    [Fact]
    public async Task Paused_it_begins_nothing_and_sees_what_ends()
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("slow-a", "ok-b"));
        await harness.RowsWhenAsync(fleet, "RP");
        await fleet.ExecuteUpdateAsync<RotationStatus>("pause", [new OperatorCall { Operator = "ann@example.com" }]);
        await harness.GoAsync(fleet, "slow-a");
        (await harness.RowsWhenAsync(fleet, "CP")).ShouldBe("CP");
        (await RotationHarness.StatusAsync(fleet)).State.ShouldBe(RotationState.Paused);

        await fleet.ExecuteUpdateAsync<RotationStatus>("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        FleetHarness.Letters((await RotationHarness.EndOfAsync(fleet)).Clusters).ShouldBe("CC");
    }

    [Theory]
    [InlineData(FleetStopMode.Finish, "CS")]
    [InlineData(FleetStopMode.Abandon, "AS")]
    [InlineData(FleetStopMode.Cancel, "FS")]
    public async Task Stopped_it_begins_nothing_more_and_does_with_those_at_work_as_asked(FleetStopMode mode, string end)
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("slow-a", "ok-b") with { Canary = 0 });
        await harness.RowsWhenAsync(fleet, "RP");

        await fleet.ExecuteUpdateAsync<FleetStatus>("stop", [new FleetStop { Operator = "ann@example.com", Reason = "incident 4711", Rotations = mode }]);
        if (mode == FleetStopMode.Finish)
            await harness.GoAsync(fleet, "slow-a");

        FleetHarness.Letters((await IncompleteAsync(fleet, "stopped by ann@example.com: incident 4711")).Clusters).ShouldBe(end);
        if (mode == FleetStopMode.Abandon)
            await harness.GoAsync(fleet, "slow-a");
    }

    [Fact]
    public async Task A_cancel_request_is_a_stop()
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("slow-a", "ok-b"));
        await harness.RowsWhenAsync(fleet, "RP");
        await fleet.CancelAsync();
        await harness.RowsWhenAsync(fleet, "RS");
        await harness.GoAsync(fleet, "slow-a");

        FleetHarness.Letters((await IncompleteAsync(fleet, "cancel request")).Clusters).ShouldBe("CS");
    }

    [Fact]
    public async Task A_terminated_fleet_leaves_its_rotations_at_work()
    {
        await using var harness = new FleetHarness(server);
        var fleet = await harness.StartAsync(FleetHarness.Of("slow-a"));
        await harness.RowsWhenAsync(fleet, "R");
        await fleet.TerminateAsync("a test");

        await harness.GoAsync(fleet, "slow-a");
        await harness.Client.GetWorkflowHandle($"{fleet.Id}-slow-a.example.com").GetResultAsync();
        harness.World.MostAtOnce.ShouldBe(1);
    }

    internal static async Task<FleetResult> IncompleteAsync(WorkflowHandle fleet, string names)
    {
        ApplicationFailureException failure = await RotationHarness.FailureOfAsync(fleet);
        failure.ErrorType.ShouldBe(RotationErrors.FleetIncomplete);
        failure.Message.ShouldContain(names);
        return failure.Details.ElementAt<FleetResult>(0)!;
    }
}
