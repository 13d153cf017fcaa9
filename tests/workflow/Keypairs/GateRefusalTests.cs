using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Client;
using Temporalio.Exceptions;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>Approvals that must not count: refused in words to who sends an update, shown to who sends a signal, and nothing is changed by either.</summary>
public sealed class GateRefusalTests(RotationServer server) : IClassFixture<RotationServer>
{
    private const string Requester = "root@example.com";

    private static readonly Dictionary<string, (Approval Approval, string Words)> Bad = new()
    {
        ["self-approval"] = (new() { Gate = "1-stage", Approver = Requester }, "started this rotation and cannot approve it"),
        ["self-approval by another spelling"] = (new() { Gate = "1-stage", Approver = " ROOT@example.com " }, "started this rotation and cannot approve it"),
        ["same person twice"] = (new() { Gate = "1-stage", Approver = "ann@example.com" }, "has approved already"),
        ["stale plan"] = (new() { Gate = "1-stage", Approver = "bob@example.com", PlanHash = new string('0', 64) }, "read the plan again"),
        ["wrong gate"] = (new() { Gate = "3-promote", Approver = "bob@example.com" }, "waits at \"1-stage\", not at \"3-promote\""),
        ["no gate"] = (new() { Approver = "bob@example.com" }, "gate: is required"),
        ["nobody"] = (new() { Gate = "1-stage" }, "approver: is required"),
        ["replayed token"] = (new() { Gate = "1-stage", Approver = "bob@example.com", Token = "ann's" }, "token: was used already"),
        ["expired token"] = (new() { Gate = "1-stage", Approver = "bob@example.com", Token = "expired" }, "token: expired"),
        ["bad token"] = (new() { Gate = "1-stage", Approver = "bob@example.com", Token = "bad" }, "token: its signature is wrong"),
    };

    public static TheoryData<string> Names() => new(Bad.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_approval_is_refused_in_words_by_update_and_by_signal(string what)
    {
        (Approval bad, string words) = Bad[what];
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(harness.Asking with { Approvals = new() { Quorum = 2 } });
        await RotationHarness.AtGateAsync(handle, "1-stage");
        await handle.ExecuteUpdateAsync<RotationStatus>("approve", [new Approval { Gate = "1-stage", Approver = "ann@example.com", Token = "ann's" }]);

        var refused = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<RotationStatus>("approve", [bad]));
        await handle.SignalAsync("approve", [bad]);
        RotationStatus shown = await RotationHarness.StatusWhenAsync(handle, s => s.LastRefusal is not null);

        refused.InnerException.ShouldNotBeNull().Message.ShouldContain(words);
        shown.LastRefusal.ShouldNotBeNull().ShouldStartWith("approve: ");
        shown.LastRefusal.ShouldContain(words);
        (shown.State, shown.Gate, shown.ApprovedBy.Count).ShouldBe((RotationState.AwaitingApproval, "1-stage", 1));
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Faults.CallsOf("StageKeypairAsync").ShouldBe(0);
    }

    [Fact]
    public async Task A_call_that_does_not_fit_is_refused_in_words()
    {
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(harness.Asking);
        await RotationHarness.AtGateAsync(handle, "1-stage");
        var by = new OperatorCall { Operator = "ann@example.com" };

        (await RefusalAsync(handle, "rollback", by)).ShouldContain("nothing was changed yet");
        (await RefusalAsync(handle, "resume", by)).ShouldContain("not possible while the rotation is AwaitingApproval: it is not paused");
        (await RefusalAsync(handle, "extendGate", by with { By = KopsDuration.FromSeconds(0) })).ShouldContain("by: must be longer");
        (await RefusalAsync(handle, "pause", new OperatorCall())).ShouldContain("operator: is required");
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    private static async Task<string> RefusalAsync(WorkflowHandle handle, string update, OperatorCall call) =>
        (await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<RotationStatus>(update, [call]))).InnerException!.Message;
}

/// <summary>A gate whose time is up, in real time: by itself, so that nothing waits for it.</summary>
public sealed class OverdueGateTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task After_its_deadline_nothing_counts_until_somebody_extends_it_and_people_are_told()
    {
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(harness.Asking with { Approvals = new() { Timeout = KopsDuration.FromMinutes(1) }, Notify = ["sre"] });
        await RotationHarness.AtGateAsync(handle, "1-stage");
        var late = new Approval { Gate = "1-stage", Approver = "ann@example.com" };
        await Support.Eventually.HoldsAsync(() => harness.Facts.Sent.ShouldContain(n => n.Kind == Rotation.Workflows.Activities.NotificationKind.GateOverdue), TimeSpan.FromMinutes(2));

        var refused = await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync<RotationStatus>("approve", [late]));
        await handle.SignalAsync("approve", [late]);
        RotationStatus shown = await RotationHarness.StatusWhenAsync(handle, s => s.LastRefusal is not null);

        refused.InnerException!.Message.ShouldContain("extend it with extendGate first");
        shown.LastRefusal!.ShouldContain("extend it with extendGate first");
        shown.State.ShouldBe(RotationState.AwaitingApproval);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        await handle.ExecuteUpdateAsync<RotationStatus>("extendGate", [new OperatorCall { Operator = "ann@example.com" }]);
        await RotationHarness.ApproveAsync(handle, "1-stage");
        await RotationHarness.AtGateAsync(handle, "3-promote");
    }
}
