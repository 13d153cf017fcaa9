using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fleet;
using Rotation.Tests.Workflow.Locks;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Replay;

/// <summary>Records the histories of fleets, policies and locks, like <see cref="HistoryRecorder"/>.</summary>
public sealed class FleetHistoryRecorder(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task Records_fleets_and_policies_in_their_endings()
    {
        HistoryRecorder.Demand();
        await using var harness = new FleetHarness(server);
        RotateFleetRequest three = FleetHarness.Of("ok-a", "ok-b", "ok-c");

        var completed = await harness.StartAsync(three with { Gates = FleetGates.AfterCanary, AtOnce = 2 }, "rotate-fleet-completed");
        await RotationHarness.AtGateAsync(completed, "wave-1");
        await RotationHarness.ApproveAsync(completed, "wave-1");
        await SaveEndedAsync(completed);

        await SaveEndedAsync(await harness.StartAsync(FleetHarness.Of("fail-a", "ok-b"), "rotate-fleet-failed"));
        await SaveEndedAsync(await harness.StartRawAsync("RotateFleet", "{}", "rotate-fleet-refused"));

        var stopped = await harness.StartAsync(FleetHarness.Of("slow-a", "ok-b"), "rotate-fleet-stopped");
        await harness.RowsWhenAsync(stopped, "RP");
        await stopped.ExecuteUpdateAsync<RotationStatus>("pause", [new OperatorCall { Operator = "ann@example.com" }]);
        await stopped.SignalAsync("stop", [new FleetStop { Operator = "ann@example.com", Rotations = FleetStopMode.Cancel }]);
        await SaveEndedAsync(stopped);

        var many = await harness.StartAsync(FleetHarness.Of([.. Enumerable.Range(0, 25).Select(i => $"ok-{i}")]) with { ContinueAfter = 200 }, "rotate-fleet-continued");
        await EndedAsync(harness.Client.GetWorkflowHandle(many.Id));
        await HistoryRecorder.SaveAsync(harness.Client.GetWorkflowHandle(many.Id, runId: many.ResultRunId));

        harness.World.Born("ok-due.example.com", DateTimeOffset.UtcNow.AddDays(-400));
        harness.World.Born("ok-young.example.com", DateTimeOffset.UtcNow);
        await SaveEndedAsync(await harness.StartRawAsync("RotationPolicy", """{"fleet": {"clusters": [{"cluster": "ok-due.example.com"}, {"cluster": "ok-young.example.com"}]}}""", "rotation-policy-rotated"));
        await SaveEndedAsync(await harness.StartRawAsync("RotationPolicy", """{"fleet": {"clusters": [{"cluster": "ok-young.example.com"}], "window": {"blackouts": [{"from": "2000-01-01", "to": "2999-12-31"}]}}}""", "rotation-policy-window-closed"));
        await SaveEndedAsync(await harness.StartRawAsync("RotationPolicy", """{"fleet": {"clusters": [{"cluster": "fail-a.example.com"}]}, "due": {"always": true}}""", "rotation-policy-failed"));
    }

    [Fact]
    public async Task Records_locks_in_their_endings()
    {
        HistoryRecorder.Demand();
        await using var harness = new LockHarness(server, "replay-locks.example.com");
        var holder = await harness.HolderAsync();
        var first = await harness.WaiterAsync(ahead: 0);
        var second = await harness.WaiterAsync(ahead: 1);
        string firstRun = (await harness.Lock.DescribeAsync()).RunId;
        await harness.Lock.CancelAsync();
        await LockHarness.HoldsAsync(first);
        await first.TerminateAsync("a test");
        await LockHarness.HoldsAsync(second);
        await second.SignalAsync(w => w.EndAsync("give back"));
        await harness.FreeAsync();

        string cancelled = ClusterHold.IdOf((await first.DescribeAsync()).RunId);
        await EndedAsync(harness.Client.GetWorkflowHandle(cancelled));
        await HistoryRecorder.SaveAsync(harness.Client.GetWorkflowHandle(harness.Lock.Id, runId: firstRun));
        await HistoryRecorder.SaveAsync(harness.Client.GetWorkflowHandle(cancelled), "cluster-hold-cancelled");
        await holder.SignalAsync(w => w.EndAsync("give back"));
    }

    private static async Task SaveEndedAsync(WorkflowHandle handle)
    {
        await EndedAsync(handle);
        await HistoryRecorder.SaveAsync(handle);
    }

    private static Task<WorkflowExecutionStatus> EndedAsync(WorkflowHandle handle) => Eventually.GetAsync(async () => (await handle.DescribeAsync()).Status, s => s is not (WorkflowExecutionStatus.Running or WorkflowExecutionStatus.ContinuedAsNew));
}
