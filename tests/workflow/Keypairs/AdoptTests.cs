using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>A rotation that somebody began by hand, or whose history was lost, is found and gone on with, never begun twice.</summary>
public sealed class AdoptTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Theory]
    [InlineData("stage one", "1-stage")]
    [InlineData("stage", "1-stage")]
    [InlineData("stage,update", "1-stage")]
    [InlineData("stage,update,roll one", "1-stage")]
    [InlineData("stage,update,roll", "2-export-ca")]
    [InlineData("stage,update,roll,deliver,promote one", "2-export-ca")]
    [InlineData("stage,update,roll,deliver,promote", "2-export-ca")]
    [InlineData("stage,update,roll,deliver,promote,update,roll one", "2-export-ca")]
    [InlineData("stage,update,roll,deliver,promote,update,roll", "4-export-admin")]
    [InlineData("stage,update,roll,deliver,promote,update,roll,deliver admin,distrust one", "4-export-admin")]
    public async Task It_goes_on_from_where_it_was_left(string byHand, string firstStep)
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 2);
        foreach (string move in byHand.Split(','))
            harness.Cluster.ByHand(move);
        var handle = await harness.StartAsync(harness.Asking);

        await RotationHarness.AtGateAsync(handle, "1-stage");
        RotationPlan plan = await handle.QueryAsync(w => w.GetPlan());
        foreach (string gate in new[] { "1-stage", "3-promote", "5-distrust" }.Where(g => g == "1-stage" || string.CompareOrdinal(g, firstStep) >= 0))
            await RotationHarness.ApproveAllAsync(handle, gate);
        RotationResult result = await RotationHarness.EndOfAsync(handle);

        plan.FirstStep.ShouldBe(firstStep);
        plan.Findings.ShouldContain(f => f.Check == "rotation-adopted" && f.Severity == FindingSeverity.Warning);
        result.State.ShouldBe(RotationState.Completed);
        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count == 2 && k.Primary == k.Ids[1] && k.Trusted.Count == 1);
        harness.Cluster.Violations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("stage,update,roll")]
    [InlineData("stage,update,roll,deliver,promote,update,roll")]
    [InlineData("stage,update,roll,deliver,promote,update,roll,deliver admin,distrust one")]
    public async Task What_others_began_can_be_taken_back(string byHand)
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        foreach (string move in byHand.Split(','))
            harness.Cluster.ByHand(move);
        harness.Faults.Fail("DistrustKeypairAsync", n => n == 1 ? Rotation.Workflows.RotationErrors.KopsUsage : null);
        var handle = await harness.StartAsync(harness.Auto);
        await RotationHarness.StatusWhenAsync(handle, s => s.State == RotationState.Paused);

        await handle.ExecuteUpdateAsync<RotationStatus>("rollback", [new OperatorCall { Operator = "carol@example.com", Force = true }]);
        RotationResult result = await RotationHarness.EndOfAsync(handle);

        result.State.ShouldBe(RotationState.RolledBack);
        harness.Cluster.Keysets.ShouldAllBe(k => k.Primary == k.Ids[0] && k.Trusted.Single() == k.Ids[0]);
        harness.Cluster.Nodes.ShouldAllBe(n => n.Boot.Issuer == harness.Cluster.Ca.Ids[0] && n.Boot.Trusted.Count == 1);
    }

    [Fact]
    public async Task Told_not_to_it_makes_a_keypair_of_its_own()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        harness.Cluster.ByHand("stage");
        var handle = await harness.StartAsync(harness.Auto with { Adopt = false });

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);

        harness.Cluster.Keysets.ShouldAllBe(k => k.Ids.Count == 3 && k.Trusted.Single() == k.Ids[2]);
    }

    [Fact]
    public async Task Where_going_on_would_cut_servers_off_it_refuses_and_says_what_to_do()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        foreach (string move in new[] { "stage", "promote" })
            harness.Cluster.ByHand(move);
        string before = harness.Cluster.Trust;
        var handle = await harness.StartAsync(harness.Auto);

        var failure = await RotationHarness.FailureOfAsync(handle);

        failure.ErrorType.ShouldBe("PreflightFailed");
        failure.Message.ShouldContain("adopt-unsafe");
        failure.Message.ShouldContain($"kops promote keypair kubernetes-ca {harness.Cluster.Ca.Ids[0]}");
        harness.Cluster.Trust.ShouldBe(before);
    }

    [Fact]
    public async Task In_an_emergency_with_a_staged_keypair_one_approval_is_all_that_is_waited_for()
    {
        await using var harness = new RotationHarness(server, controlPlane: 1, workers: 1);
        foreach (string move in new[] { "stage", "update", "roll" })
            harness.Cluster.ByHand(move);
        harness.Facts.Tokens = new() { PodsWithTokens = 9, LongestLife = KopsDuration.FromHours(24) };
        var handle = await harness.StartAsync(harness.Asking with { Emergency = true });

        await RotationHarness.ApproveAllAsync(handle, "1-stage");
        RotationPlan plan = await handle.QueryAsync(w => w.GetPlan());
        RotationResult result = await RotationHarness.EndOfAsync(handle);

        plan.Steps.Select(s => s.Gate).Where(g => g is not null).ShouldBe(["1-stage"]);
        plan.Steps.ShouldAllBe(s => s.Hold == null);
        plan.Findings.ShouldContain(f => f.Check == "emergency");
        result.State.ShouldBe(RotationState.Completed);
        result.NodesRolled.ShouldBe(4);
        harness.Faults.CallsOf("ReadTrustAsync").ShouldBe(3);
    }
}
