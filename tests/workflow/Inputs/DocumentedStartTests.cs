using System.Text.Json;
using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fleet;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Inputs;

/// <summary>Every workflow is started with the very JSON that the documentation gives, and told to go on with the very JSON that it asks for.</summary>
public sealed class DocumentedStartTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static readonly string[] Procedures = ["RotateKeypairs", "RotateSecret", "LegacyRotation"];

    [Fact]
    public void Every_workflow_has_a_smallest_input_in_the_documentation_but_the_lock_that_nobody_starts() =>
        DocumentedInput.All.Select(d => d.Workflow).Distinct().ShouldBe(RotationWorkflows.Types.Select(t => t.Name).Where(n => n != nameof(ClusterLock)), ignoreOrder: true);

    [Theory]
    [InlineData("RotateKeypairs", "1-stage", "3-promote", "5-distrust")]
    [InlineData("RotateSecret", "1-add-key", "5-remove-key")]
    public async Task The_smallest_JSON_and_what_the_status_says_to_send_take_a_rotation_to_its_end(string workflow, params string[] gates)
    {
        DocumentedInput input = DocumentedInput.SmallestOf(workflow);
        await using var harness = new RotationHarness(server, cluster: input.Cluster);
        WorkflowHandle handle = await harness.StartRawAsync(workflow, input.Json);

        foreach (string gate in gates)
            await SendNextAsync(handle, gate);

        (await handle.GetResultAsync<RotationResult>()).State.ShouldBe(RotationState.Completed);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_smallest_JSON_of_the_disruptive_procedure_does_everything_up_to_its_first_wait()
    {
        DocumentedInput input = DocumentedInput.SmallestOf("LegacyRotation");
        await using var harness = new RotationHarness(server, cluster: input.Cluster, kopsVersion: "1.21.5");
        WorkflowHandle handle = await harness.StartRawAsync(input.Workflow, input.Json);

        await SendNextAsync(handle, "1-backup");

        await RotationHarness.StatusWhenAsync(handle, s => s.Doing.Contains("waits 1m until tokens are made anew", StringComparison.Ordinal));
        harness.Cluster.Terminated.Count.ShouldBe(3);
        await handle.TerminateAsync("a test");
    }

    [Theory]
    [InlineData("RollCluster", 3)]
    [InlineData("RollInstanceGroup", 2)]
    public async Task The_smallest_JSON_rolls_what_needs_it(string workflow, int nodes)
    {
        DocumentedInput input = DocumentedInput.SmallestOf(workflow);
        await using var harness = new RotationHarness(server, cluster: input.Cluster, group: "nodes-us-east-1a");
        harness.Cluster.Outdate();

        (await (await harness.StartRawAsync(workflow, input.Json)).GetResultAsync<RollResult>()).NodesRolled.ShouldBe(nodes);
    }

    [Fact]
    public async Task The_smallest_JSON_of_a_hold_holds_until_it_is_released()
    {
        DocumentedInput input = DocumentedInput.SmallestOf("ClusterHold");
        await using var harness = new RotationHarness(server, cluster: input.Cluster);
        WorkflowHandle hold = await harness.StartRawAsync(input.Workflow, input.Json);
        var theLock = harness.Handle(ClusterLock.IdOf(input.Cluster, Fakes.FakeLockActivities.DefaultStore));
        await Eventually.HoldsAsync(async () => (await theLock.QueryAsync<LockStatus>("holder", [])).Holder!.Holder.WorkflowId.ShouldBe(hold.Id));

        await hold.SignalAsync("release", []);

        await hold.GetResultAsync();
    }

    [Fact]
    public async Task The_smallest_JSON_of_a_fleet_and_of_a_policy_rotate()
    {
        await using var harness = new FleetHarness(server);
        (DocumentedInput fleet, DocumentedInput policy) = (DocumentedInput.SmallestOf("RotateFleet"), DocumentedInput.SmallestOf("RotationPolicy"));
        harness.World.Born(policy.Cluster, DateTimeOffset.UtcNow.AddDays(-366));
        WorkflowHandle running = await harness.StartRawAsync(fleet.Workflow, fleet.Json), due = await harness.StartRawAsync(policy.Workflow, policy.Json);

        (await running.GetResultAsync<FleetResult>()).State.ShouldBe(RotationState.Completed);
        (await due.GetResultAsync<PolicyResult>()).Clusters.ShouldHaveSingleItem().Decision.ShouldBe(PolicyDecision.Due);
        harness.World.Begun.Select(b => b.Cluster).ShouldContain(policy.Cluster);
    }

    [Fact]
    public async Task What_else_the_documentation_shows_of_a_procedure_waits_at_its_first_gate()
    {
        foreach (DocumentedInput input in DocumentedInput.All.Where(d => Procedures.Contains(d.Workflow) && d != DocumentedInput.All.First(f => f.Workflow == d.Workflow)).Select(d => d.Alone()))
        {
            await using var harness = new RotationHarness(server, cluster: input.Cluster);
            WorkflowHandle handle = await harness.StartRawAsync(input.Workflow, input.Json);
            (await RotationHarness.StatusWhenAsync(handle, s => s.SendNext is not null)).State.ShouldBe(RotationState.AwaitingApproval, input.Json);
            await handle.CancelAsync();
            (await RotationHarness.FailureOfAsync(handle)).ErrorType.ShouldBe(RotationErrors.Cancelled);
            harness.Cluster.Trust.ShouldBe(harness.Before);
        }
    }

    // As a person pastes it into the Temporal UI.
    private static async Task SendNextAsync(WorkflowHandle handle, string gate)
    {
        string call = (await RotationHarness.AtGateAsync(handle, gate)).SendNext.ShouldNotBeNull().Replace("YOU", "ann@example.com", StringComparison.Ordinal);
        await handle.SignalAsync("approve", [JsonDocument.Parse(call).RootElement]);
    }
}
