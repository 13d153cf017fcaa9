using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Keypairs;

/// <summary>Inputs as people mistype them: the workflow fails at once, names the field, and has touched nothing.</summary>
public sealed class BadInputTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Theory]
    [InlineData("""{"cluster": "CLUSTER", "clutser": "x"}""", "InvalidRequest", "clutser")]
    [InlineData("""{"cluster": "CLUSTER", "roll": {"maxSurg": "1"}}""", "InvalidRequest", "roll.maxSurg")]
    [InlineData("""{"cluster": "CLUSTER", "adminTtl": "18 hours"}""", "InvalidRequest", "adminTtl")]
    [InlineData("""{"cluster": "CLUSTER", "adminTtl": "1s"}""", "InvalidRequest", "adminTtl")]
    [InlineData("""{"cluster": "CLUSTER", "approvals": {"timeout": "soon"}}""", "InvalidRequest", "approvals.timeout")]
    [InlineData("""{"cluster": "CLUSTER", "approvals": {"quorum": 0}}""", "InvalidRequest", "approvals.quorum")]
    [InlineData("""{"cluster": "CLUSTER", "approvals": {"onTimeout": "explode"}}""", "InvalidRequest", "approvals.onTimeout")]
    [InlineData("""{"cluster": "CLUSTER", "onFailure": "retry"}""", "InvalidRequest", "onFailure")]
    [InlineData("""{"cluster": "CLUSTER", "roll": {"drainTimeout": 15}}""", "InvalidRequest", "roll.drainTimeout")]
    [InlineData("""{"cluster": "CLUSTER", "roll": {"maxUnavailable": "many"}}""", "InvalidRequest", "roll.maxUnavailable")]
    [InlineData("""{"cluster": "CLUSTER", "keysets": []}""", "InvalidRequest", "keysets")]
    [InlineData("""{"cluster": "CLUSTER", "stateStore": "gs//bucket"}""", "InvalidRequest", "stateStore")]
    [InlineData("""{"cluster": ""}""", "InvalidRequest", "cluster")]
    [InlineData("""{"cluster": "Not A Name"}""", "InvalidRequest", "cluster")]
    [InlineData("{}", "InvalidRequest", "cluster")]
    [InlineData("\"prod.example.com\"", "InvalidRequest", "JSON object")]
    [InlineData("""{"cluster": "CLUSTER", "keysets": ["nosuch-ca"]}""", "InvalidRequest", "nosuch-ca")]
    [InlineData("""{"cluster": "no-such.example.com"}""", "ClusterNotFound", "no-such.example.com")]
    public async Task Fails_at_once_and_names_what_is_wrong(string json, string errorType, string names)
    {
        await using var harness = new RotationHarness(server);

        var handle = await harness.StartRawAsync("RotateKeypairs", json.Replace("CLUSTER", harness.Cluster.Name, StringComparison.Ordinal));
        var failure = await RotationHarness.FailureOfAsync(handle);

        failure.ErrorType.ShouldBe(errorType);
        failure.Message.ShouldContain(names);
        harness.Cluster.Trust.ShouldBe(harness.Before);
        harness.Faults.Log.ShouldNotContain("StageKeypairAsync");
    }
}
