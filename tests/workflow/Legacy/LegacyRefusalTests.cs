using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Legacy;

/// <summary>What keeps people from the disruptive procedure.</summary>
public sealed class LegacyRefusalTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Theory]
    [InlineData("""{"cluster": "CLUSTER"}""", "acknowledgeDisruption: is required")]
    [InlineData("""{"cluster": "CLUSTER", "acknowledgeDisruption": "other.example.com"}""", "acknowledgeDisruption: 'other.example.com' is not the cluster")]
    [InlineData("""{"acknowledgeDisruption": "CLUSTER"}""", "cluster: is required")]
    [InlineData("""{"cluster": "CLUSTER", "acknowledgeDisruption": "CLUSTER", "allowNewerKops": true, "approvals": {"auto": true}}""", "allowNewerKops: needs two people")]
    [InlineData("""{"cluster": "CLUSTER", "acknowledgeDisruption": "CLUSTER", "adminTtl": "1s"}""", "adminTtl")]
    [InlineData("""{"cluster": "CLUSTER", "acknowledgeDisruption": "CLUSTER", "force": true}""", "force: unknown field")]
    [InlineData("[]", "JSON object")]
    public async Task A_bad_input_fails_at_once_and_names_what_is_wrong(string json, string names)
    {
        await using var harness = new RotationHarness(server, kopsVersion: "1.21.5");

        var failure = await RotationHarness.FailureOfAsync(await harness.StartRawAsync("LegacyRotation", json.Replace("CLUSTER", harness.Cluster.Name, StringComparison.Ordinal)));

        failure.ErrorType.ShouldBe("InvalidRequest");
        failure.Message.ShouldContain(names);
        harness.Faults.Log.ShouldNotContain("ReadClusterAsync");
    }

    [Theory]
    [InlineData("1.22.0", "kops-rotates-gracefully")]
    [InlineData("1.26.6", "kops-rotates-gracefully")]
    [InlineData("", "kops-version-unknown")]
    public async Task A_kops_that_rotates_gracefully_is_refused(string version, string finding)
    {
        await using var harness = new RotationHarness(server, kopsVersion: version);

        var failure = await RotationHarness.FailureOfAsync(await harness.StartAsync(Request(harness)));

        failure.ErrorType.ShouldBe("PreflightFailed");
        failure.Message.ShouldContain(finding);
        harness.Faults.Log.ShouldNotContain("BackUpCredentialsAsync");
    }

    [Theory]
    [InlineData("RotateKeypairs", """{"cluster": "CLUSTER"}""")]
    [InlineData("RotateSecret", """{"cluster": "CLUSTER", "secret": "dockerConfig"}""")]
    public async Task A_kops_that_cannot_rotate_gracefully_is_refused_by_the_procedures_that_do(string workflow, string json)
    {
        await using var harness = new RotationHarness(server, kopsVersion: "1.21.5");

        var failure = await RotationHarness.FailureOfAsync(await harness.StartRawAsync(workflow, json.Replace("CLUSTER", harness.Cluster.Name, StringComparison.Ordinal)));

        failure.ErrorType.ShouldBe("PreflightFailed");
        failure.Message.ShouldContain("kops-too-old: kops 1.21.5 cannot rotate without disruption");
        harness.Cluster.Trust.ShouldBe(harness.Before);
    }

    [Fact]
    public async Task A_control_plane_host_that_is_not_pinned_is_refused()
    {
        await using var harness = new RotationHarness(server, kopsVersion: "1.21.5");
        harness.Cluster.Hosts = [];

        var failure = await RotationHarness.FailureOfAsync(await harness.StartAsync(Request(harness)));

        failure.Message.ShouldContain("SshHosts");
    }

    [Fact]
    public async Task A_newer_kops_is_overridden_by_two_people_only()
    {
        await using var harness = new RotationHarness(server);
        var handle = await harness.StartAsync(Request(harness) with { AllowNewerKops = true, RequestedBy = "root@example.com" });

        await RotationHarness.AtGateAsync(handle, "1-backup");
        RotationStatus one = await RotationHarness.ApproveAsync(handle, "1-backup", "ann@example.com");
        await RotationHarness.ApproveAsync(handle, "1-backup", "bob@example.com");

        (await RotationHarness.EndOfAsync(handle)).State.ShouldBe(RotationState.Completed);
        one.State.ShouldBe(RotationState.AwaitingApproval);
        one.ApprovedBy.ShouldBe(["ann@example.com"]);
    }

    private static LegacyRotationRequest Request(RotationHarness harness) =>
        new() { Cluster = harness.Cluster.Name, AcknowledgeDisruption = harness.Cluster.Name, Settle = new(TimeSpan.FromMilliseconds(10)) };
}
