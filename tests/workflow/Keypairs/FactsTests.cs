using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Reports;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>What was found out decides: pre-flight findings, holds, evidence.</summary>
public sealed class FactsTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task An_error_of_the_pre_flight_stops_it_before_anything_is_changed()
    {
        await using var harness = new RotationHarness(server);
        harness.Facts.Findings.Add(new("quota-short", FindingSeverity.Error, "The account may run 3 instances; ask for more."));
        var handle = await harness.StartAsync(harness.Auto);

        var failure = await RotationHarness.FailureOfAsync(handle);

        failure.ErrorType.ShouldBe("PreflightFailed");
        failure.Message.ShouldBe("quota-short: The account may run 3 instances; ask for more. Nothing was changed.");
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Faults.CallsOf("StageKeypairAsync").ShouldBe(0);
    }

    [Fact]
    public async Task A_warning_stands_in_the_plan_and_changes_its_hash()
    {
        await using var harness = new RotationHarness(server);
        var first = await harness.StartAsync(harness.Asking);
        string without = (await RotationHarness.AtGateAsync(first, "1-stage")).PlanHash;
        await first.CancelAsync();
        await RotationHarness.FailureOfAsync(first);
        harness.Facts.Findings.Add(new("node-cordoned", FindingSeverity.Warning, "Node n is cordoned."));

        var handle = await harness.StartAsync(harness.Asking);
        RotationStatus status = await RotationHarness.AtGateAsync(handle, "1-stage");

        status.PlanHash.ShouldNotBe(without);
        status.Doing.ShouldContain("1 warnings");
        (await handle.QueryAsync(w => w.GetPlan())).Findings.ShouldContain(f => f.Check == "node-cordoned");
        harness.Facts.Asked.ShouldNotBeNull().Forecast.Value.ShouldBeGreaterThan(TimeSpan.FromHours(12));
    }

    [Fact]
    public async Task Distrust_waits_until_tokens_of_the_old_key_have_run_out_also_where_gates_open_by_themselves()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Facts.Tokens = new() { PodsWithTokens = 3, LongestLife = KopsDuration.FromSeconds(15), InSecrets = [new("102", ["default/ci"], 1)] };
        var handle = await harness.StartAsync(harness.Auto);

        RotationResult result = await RotationHarness.EndOfAsync(handle);

        ReportRecord held = (await handle.QueryAsync<RotationReport>("report", [])).Records.Where(r => r.Kind == ReportKind.GateReached).ShouldHaveSingleItem();
        held.Step.ShouldBe("hold-5-distrust");
        held.What.ShouldContain("3 pods mount tokens that live up to 15s");
        held.Facts["evidence"].ShouldContain("1 tokens in Secrets are signed by 102");
        held.Facts["evidence"].ShouldContain("every server serves a certificate of the new CA");
        result.State.ShouldBe(RotationState.Completed);
        StepStatus promoted = result.Steps[2], distrusted = result.Steps[4];
        (distrusted.StartedAt - promoted.StartedAt)!.Value.TotalSeconds.ShouldBeGreaterThan(promoted.Seconds + 14.9);
    }

    [Fact]
    public async Task A_hold_is_shortened_by_approval_only()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Facts.Tokens = new() { PodsWithTokens = 1, LongestLife = KopsDuration.FromHours(24) };
        var handle = await harness.StartAsync(harness.Asking);
        await RotationHarness.ApproveAllAsync(handle, "1-stage", "3-promote");
        await RotationHarness.AtGateAsync(handle, "hold-5-distrust");

        await Should.ThrowAsync<Temporalio.Exceptions.WorkflowUpdateFailedException>(() => RotationHarness.ApproveAsync(handle, "hold-5-distrust", "root@example.com"));
        await Should.ThrowAsync<Temporalio.Exceptions.WorkflowUpdateFailedException>(() => RotationHarness.ApproveAsync(handle, "5-distrust"));
        harness.Faults.CallsOf("DistrustKeypairAsync").ShouldBe(0);
        await RotationHarness.ApproveAllAsync(handle, "hold-5-distrust", "5-distrust");

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
    }

    [Fact]
    public async Task The_way_back_waits_until_tokens_of_the_new_key_have_run_out()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Facts.Tokens = new() { PodsWithTokens = 1, LongestLife = KopsDuration.FromHours(24) };
        harness.Faults.Fail("DeliverKubeconfigAsync", n => n == 2 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto with { OnFailure = FailureReaction.Rollback });

        RotationStatus holding = await RotationHarness.AtGateAsync(handle, "hold-back-1-stage");

        holding.Doing.ShouldContain("those that the new key signed must run out");
        harness.Faults.CallsOf("DistrustKeypairAsync").ShouldBe(0);
        await RotationHarness.ApproveAsync(handle, "hold-back-1-stage");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task Before_the_new_keys_may_have_signed_the_way_back_waits_for_nothing()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Facts.Tokens = new() { PodsWithTokens = 1, LongestLife = KopsDuration.FromHours(24) };
        harness.Faults.Fail("DeliverKubeconfigAsync", n => n == 1 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto with { OnFailure = FailureReaction.Rollback });

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task Promote_waits_for_verifiers_that_keep_published_keys()
    {
        await using var harness = new RotationHarness(server, jwks: true);
        var handle = await harness.StartAsync(harness.Auto with { JwksHold = KopsDuration.FromHours(4) });

        RotationStatus holding = await RotationHarness.AtGateAsync(handle, "hold-3-promote");

        holding.Doing.ShouldContain("published service-account keys for up to 4h");
        harness.Faults.CallsOf("PromoteKeypairAsync").ShouldBe(0);
        await RotationHarness.ApproveAsync(handle, "hold-3-promote");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
    }

    [Fact]
    public async Task What_cannot_be_read_before_a_step_holds_and_is_read_again()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Faults.Fail("ReadTokenUsageAsync", n => n == 2 ? RotationErrors.ApiRefused : null);
        var handle = await harness.StartAsync(harness.Auto);

        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.ExecuteUpdateAsync<RotationStatus>("resume", [new OperatorCall { Operator = "ann@example.com" }]);

        standing.Doing.ShouldStartWith("What must be known before 3-promote could not be read");
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
    }

    [Fact]
    public async Task Nodes_that_do_not_need_the_update_hold_it_until_somebody_accepts_that()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Cluster.UpdateReachesNobody = true;
        var handle = await harness.StartAsync(harness.Auto);

        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        harness.Cluster.UpdateReachesNobody = false;

        standing.LastFailure.ShouldNotBeNull().ShouldContain("UnexpectedUpdateCount");
        standing.LastFailure.ShouldContain("2 instances must need the update and 0 do");
        await handle.ExecuteUpdateAsync<RotationStatus>("resume", [new OperatorCall { Operator = "ann@example.com" }]);
        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_somebody_else_changed_between_two_steps_holds_it()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        var handle = await harness.StartAsync(harness.Asking);
        await RotationHarness.ApproveAllAsync(handle, "1-stage");
        await RotationHarness.AtGateAsync(handle, "3-promote");
        harness.Cluster.ByHand("stage one");

        await RotationHarness.ApproveAllAsync(handle, "3-promote");
        RotationStatus standing = await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);

        standing.LastFailure.ShouldNotBeNull().ShouldContain("DriftDetected");
        harness.Faults.CallsOf("PromoteKeypairAsync").ShouldBe(0);
    }
}
