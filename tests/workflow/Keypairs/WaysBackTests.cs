using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Keypairs;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>From each step back to each earlier one: everything is as it was before that step, and from there it goes forward again by another plan.</summary>
public sealed class WaysBackTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static readonly OperatorCall Carol = new() { Operator = "carol@example.com", Reason = "clients cut off", Force = true };

    // What each step does last, so that everything it changes is there when it fails.
    private static readonly string[] LastOf = ["ReadTrustAsync", "Deliver 2-export-ca", "ReadTrustAsync", "Deliver 4-export-admin", "ReadTrustAsync", "ProveRefusedAsync"];

    public static TheoryData<int, int> EveryPair() => new(from step in Enumerable.Range(1, 6) from to in Enumerable.Range(1, step) select (step, to));

    [Theory]
    [MemberData(nameof(EveryPair))]
    public async Task Back_from_a_step_to_an_earlier_one_everything_is_as_before_that(int from, int to)
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        int calls = LastOf.Take(from).Count(l => l == LastOf[from - 1]);
        harness.Faults.Fail(LastOf[from - 1], n => n == calls ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto);
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);

        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [Carol with { ToStep = StepNames.All[to - 1] }]);
        if (to > 1)
            await GoForwardAgainAsync(harness, handle, to);
        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(to == 1 ? RotationState.RolledBack : RotationState.Completed);
        if (to == 1)
            harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Cluster.Violations.ShouldBeEmpty();
        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count == 2);
        harness.Cluster.Terminated.ShouldBeUnique();
    }

    [Fact]
    public async Task What_was_approved_for_the_first_plan_does_not_open_the_gate_of_the_second()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Faults.Fail("ProveRefusedAsync", n => n == 1 ? RotationErrors.OldCredentialAccepted : null);
        var handle = await harness.StartAsync(harness.Auto);
        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [Carol with { ToStep = "4-export-admin" }]);
        RotationStatus again = await RotationHarness.AtGateAsync(handle, "again-4-export-admin");

        var stale = new Approval { Gate = "again-4-export-admin", Approver = "ann@example.com", PlanHash = standing.PlanHash };
        var refused = await Should.ThrowAsync<Temporalio.Exceptions.WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<RotationStatus>("approve", [stale]));

        refused.InnerException!.Message.ShouldContain("the approval is for plan");
        again.PlanHash.ShouldNotBe(standing.PlanHash);
        RotationPlan plan = await handle.QueryAsync(w => w.GetPlan());
        (plan.Round, plan.FirstStep, plan.PlanHash).ShouldBe((2, "4-export-admin", again.PlanHash));
        plan.Steps.Count(s => s.Done is not null).ShouldBe(3);
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [Carol]);
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    private static async Task GoForwardAgainAsync(RotationHarness harness, WorkflowHandle handle, int to)
    {
        // Where going back cuts clients off it asks first; nothing moves until somebody has approved.
        string again = $"again-{StepNames.All[to - 1]}";
        while (true)
        {
            RotationStatus status = await RotationHarness.StatusWhenAsync(handle, s => s is { State: RotationState.AwaitingApproval, Gate: not null });
            if (status.Gate == again)
                break;
            status.Gate!.ShouldStartWith("rollback-");
            await RotationHarness.ApproveAsync(handle, status.Gate!);
            await RotationHarness.StatusWhenAsync(handle, s => s.Gate != status.Gate);
        }

        ShouldBeAsBefore(harness, to);
        await RotationHarness.ApproveAsync(handle, again);
    }

    // Said anew, not remembered: what a cluster is before each step, whoever brought it there.
    private static void ShouldBeAsBefore(RotationHarness harness, int step)
    {
        foreach (var keyset in harness.Cluster.Keysets)
        {
            (string old, string made) = (keyset.Ids[0], keyset.Ids[1]);
            keyset.Primary.ShouldBe(step <= 3 ? old : made);
            keyset.Trusted.ShouldBe(step <= 5 ? [old, made] : [made]);
        }

        (string oldCa, string newCa) = (harness.Cluster.Ca.Ids[0], harness.Cluster.Ca.Ids[1]);
        harness.Cluster.Nodes.ShouldAllBe(n => n.Boot.Issuer == harness.Cluster.Ca.Primary && n.Boot.Trusted.SequenceEqual(harness.Cluster.Ca.Trusted));
        harness.Cluster.Sinks["ops"].Cas.ShouldBe(step <= 2 ? [oldCa] : [oldCa, newCa]);
        harness.Cluster.Sinks["ops"].AdminIssuer.ShouldBe(step <= 4 ? oldCa : newCa);
    }
}
