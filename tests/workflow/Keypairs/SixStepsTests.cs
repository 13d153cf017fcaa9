using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

public sealed class SixStepsTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task With_open_gates_every_keyset_gets_one_new_primary_and_no_connection_is_cut()
    {
        await using var harness = new RotationHarness(server, controlPlane: 3, workers: 3);
        string[] before = [.. harness.Cluster.Keysets.Select(k => k.Primary)];
        var handle = await harness.StartAsync(harness.Auto);

        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(RotationState.Completed);
        result.Steps.ShouldAllBe(s => s.State == StepState.Done);
        result.NodesRolled.ShouldBe(18);
        result.Keysets.Select(k => k.PrimaryBefore).ShouldBe(before);
        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count == 2 && k.Trusted.Single() == k.Primary);
        result.Keysets.ShouldAllBe(k => k.PrimaryAfter == k.Staged && k.Distrusted.Single() == k.PrimaryBefore);
        harness.Cluster.Violations.ShouldBeEmpty();
        harness.Cluster.Terminated.Count.ShouldBe(harness.Cluster.Terminated.Distinct().Count());
        harness.Faults.CallsOf("ProveRefusedAsync").ShouldBe(1);
    }

    [Fact]
    public async Task Its_history_stays_within_its_budget_and_each_node_takes_at_most_25_events()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 10);
        var handle = await harness.StartAsync(harness.Auto with { Roll = new() { MaxSurge = "0", ParallelGroups = false } });
        await RotationHarness.EndOfAsync(handle);

        (await handle.FetchHistoryAsync()).Events.Count.ShouldBeLessThanOrEqualTo(500);
        var group = harness.Handle($"{handle.Id}-roll-1-nodes");
        (await group.FetchHistoryAsync()).Events.Count.ShouldBeLessThanOrEqualTo((10 * 25) + 10);
    }

    [Fact]
    public async Task Waits_at_three_gates_shows_the_JSON_to_send_and_goes_on_when_it_is_sent()
    {
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(harness.Asking);
        foreach (string gate in new[] { "1-stage", "3-promote", "5-distrust" })
        {
            RotationStatus status = await RotationHarness.AtGateAsync(handle, gate);
            status.PlanHash.Length.ShouldBe(64);
            status.SendNext.ShouldNotBeNull().ShouldContain($"\"gate\": \"{gate}\"");
            // Exactly what a person sees, with a name put in, as a signal from the UI.
            await handle.SignalAsync("approve", [System.Text.Json.JsonDocument.Parse(status.SendNext.Replace("YOU", "ann@example.com", StringComparison.Ordinal)).RootElement]);
        }

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_changed_before_the_first_gate_opens()
    {
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(harness.Asking);
        RotationStatus status = await RotationHarness.AtGateAsync(handle, "1-stage");
        harness.Cluster.Trust.ShouldBe(harness.Before);
        RotationPlan plan = await handle.QueryAsync(w => w.GetPlan());
        plan.PlanHash.ShouldBe(status.PlanHash);
        plan.Steps.Count.ShouldBe(6);

        await handle.ExecuteUpdateAsync<RotationStatus>("reject", [new Approval { Gate = "1-stage", Approver = "ann@example.com", Comment = "not today" }]);
        var failure = await RotationHarness.FailureOfAsync(handle);
        failure.ErrorType.ShouldBe("Rejected");
        failure.Message.ShouldContain("ann@example.com: not today");
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task Search_attributes_tell_where_it_is()
    {
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(harness.Auto);
        await RotationHarness.EndOfAsync(handle);
        var description = await handle.DescribeAsync();
        string Value(Temporalio.Common.SearchAttributeKey<string> key) => description.TypedSearchAttributes.Get(key);
        Value(Rotation.Workflows.RotationSearchAttributes.Cluster).ShouldBe(harness.Cluster.Name);
        Value(Rotation.Workflows.RotationSearchAttributes.Kind).ShouldBe("RotateKeypairs");
        Value(Rotation.Workflows.RotationSearchAttributes.State).ShouldBe("Completed");
        Value(Rotation.Workflows.RotationSearchAttributes.Step).ShouldBe("6-export-ca");
    }

    [Fact]
    public async Task Kubeconfig_steps_are_skipped_where_the_API_has_its_own_certificate_and_the_proof_is_made_all_the_same()
    {
        await using var harness = new RotationHarness(server, ownCertificate: true);
        var handle = await harness.StartAsync(harness.Auto);
        RotationResult result = await RotationHarness.EndOfAsync(handle);
        result.Steps.Where(s => s.State == StepState.Skipped).Select(s => s.Name).ShouldBe(["2-export-ca", "6-export-ca"]);
        result.Steps.Where(s => s.State == StepState.Skipped).ShouldAllBe(s => s.Note!.Contains("certificate of its own", StringComparison.Ordinal));
        harness.Faults.CallsOf("ProveRefusedAsync").ShouldBe(1);
        harness.Cluster.Violations.ShouldBeEmpty();
    }
}
