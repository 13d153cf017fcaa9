using System.Text.Json;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Reports;
using Rotation.Workflows.Serialization;
using Shouldly;
using Temporalio.Client;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>What a rotation leaves behind for auditors, and what it tells people on its way.</summary>
public sealed class ReportTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task Everything_is_in_the_report_and_the_file_verifies()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        var handle = await harness.StartAsync(harness.Asking);
        await RotationHarness.ApproveAllAsync(handle, "1-stage", "3-promote", "5-distrust");
        await RotationHarness.EndOfAsync(handle);

        RotationReport report = await ReportAsync(handle);
        RotationStatus status = await RotationHarness.StatusAsync(handle);

        ReportVerdict verdict = ReportVerifier.Verify(JsonSerializer.Serialize(report, RotationDataConverter.Json));
        verdict.Problems.ShouldBeEmpty();
        verdict.IsComplete.ShouldBeTrue();
        ReportRecord[] Of(ReportKind kind) => [.. report.Records.Where(r => r.Kind == kind)];
        Of(ReportKind.Started).ShouldHaveSingleItem().Who.ShouldBe("root@example.com");
        Of(ReportKind.Planned).ShouldHaveSingleItem().Facts["planHash"].ShouldBe(status.PlanHash);
        Of(ReportKind.Approved).Select(r => (r.Step, r.Who, r.What, r.Facts["planHash"])).ShouldBe([.. new[] { "1-stage", "3-promote", "5-distrust" }.Select(g => (g, "ann@example.com", "fine", status.PlanHash))]);
        Of(ReportKind.StepEnded).Select(r => r.Step).ShouldBe(status.Steps.Select(s => s.Name));
        foreach (KeysetRotation keyset in status.Keysets)
        {
            Of(ReportKind.Changed).ShouldContain(r => r.What == $"kops create keypair {keyset.Name}" && r.Facts["keypairId"] == keyset.Staged && r.Facts["fingerprint"].Length > 0);
            Of(ReportKind.Changed).ShouldContain(r => r.What == $"kops promote keypair {keyset.Name} {keyset.Staged}" && r.Facts["primaryNow"] == keyset.Staged);
            Of(ReportKind.Changed).ShouldContain(r => r.What == $"kops distrust keypair {keyset.Name} {keyset.PrimaryBefore}");
        }

        Of(ReportKind.Changed).Count(r => r.What == "kops update cluster --yes").ShouldBe(3);
        Of(ReportKind.Changed).Count(r => r.What == "rolling update").ShouldBe(3);
        Of(ReportKind.Verified).Length.ShouldBe(4);
        Of(ReportKind.Ended).ShouldHaveSingleItem().Facts["state"].ShouldBe("Completed");
    }

    [Fact]
    public async Task A_rotation_that_is_refused_ends_its_report_too()
    {
        await using var harness = new RotationHarness(server);
        WorkflowHandle handle = await harness.StartRawAsync("RotateKeypairs", $$"""{"cluster": "{{harness.Cluster.Name}}", "keysets": ["nosuch-ca"]}""");
        await RotationHarness.FailureOfAsync(handle);

        RotationReport report = await ReportAsync(handle);

        report.Records.Select(r => r.Kind).ShouldBe([ReportKind.Started, ReportKind.Failed, ReportKind.Ended]);
        ReportVerifier.Verify(report).IsComplete.ShouldBeTrue();
    }

    [Fact]
    public async Task The_way_back_calls_and_failures_are_in_it()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Faults.Fail("PromoteKeypairAsync", n => n == 2 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto);
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "carol@example.com", Reason = "incident 4711" }]);
        await RotationHarness.EndOfAsync(handle);

        RotationReport report = await ReportAsync(handle);

        report.Records.ShouldContain(r => r.Kind == ReportKind.Failed && r.What.Contains("PromoteKeypairAsync was told to fail", StringComparison.Ordinal));
        report.Records.ShouldContain(r => r.Kind == ReportKind.Called && r.Who == "carol@example.com" && r.What == "rollback: incident 4711");
        report.Records.Where(r => r.Kind == ReportKind.Undone).Select(r => r.Step).ShouldBe(["3-promote", "2-export-ca", "1-stage"]);
        report.Records[^1].Facts["state"].ShouldBe("RolledBack");
        ReportVerifier.Verify(report).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task People_are_told_of_gates_failures_and_the_end_with_the_heads_of_the_report()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Faults.Fail("DistrustKeypairAsync", n => n == 1 ? RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Asking with { Notify = ["sre"] });
        await RotationHarness.ApproveAllAsync(handle, "1-stage", "3-promote", "5-distrust");
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);
        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "carol@example.com", Force = true }]);
        await RotationHarness.ApproveAllAsync(handle, "rollback-1-stage");
        await RotationHarness.EndOfAsync(handle);

        Notification[] sent = [.. harness.Facts.Sent];

        sent.Select(n => n.Kind).ShouldBe([NotificationKind.GateReached, NotificationKind.GateReached, NotificationKind.GateReached, NotificationKind.Held, NotificationKind.RollingBack, NotificationKind.GateReached, NotificationKind.RolledBack], ignoreOrder: true);
        sent.Select(n => n.Id).ShouldBeUnique();
        sent.ShouldAllBe(n => n.Notifiers.Single() == "sre" && n.Cluster == harness.Cluster.Name && n.ReportHead.Length == 64);
        sent.Where(n => n.Kind == NotificationKind.GateReached).ShouldAllBe(n => n.SendNext.Contains("\"planHash\""));
        RotationReport report = await ReportAsync(handle);
        sent.Single(n => n.Kind == NotificationKind.RolledBack).ReportHead.ShouldBe(report.Head);
    }

    [Fact]
    public async Task A_chat_that_is_broken_stops_nothing_and_is_in_the_report()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Faults.Break("NotifyAsync", RotationErrors.NotifierUnknown);
        var handle = await harness.StartAsync(harness.Asking with { Notify = ["nobody"] });
        await RotationHarness.ApproveAllAsync(handle, "1-stage", "3-promote", "5-distrust");

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        (await ReportAsync(handle)).Records.ShouldContain(r => r.What.StartsWith("Nobody was told of GateReached", StringComparison.Ordinal));
    }

    private static Task<RotationReport> ReportAsync(WorkflowHandle handle) => handle.QueryAsync<RotationReport>("report", []);
}
