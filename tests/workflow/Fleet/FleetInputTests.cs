using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Fleet;

/// <summary>Fleets and policies as people type them.</summary>
public sealed class FleetInputTests(RotationServer server) : IClassFixture<RotationServer>
{
    [Theory]
    [InlineData("{}", "clusters")]
    [InlineData("""{"clusters": [{"cluster": "Not A Name"}]}""", "clusters[0].cluster")]
    [InlineData("""{"clusters": [{"clutser": "a.example.com"}]}""", "clusters[0].clutser")]
    [InlineData("""{"clusters": ["a.example.com"]}""", "clusters[0]")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}, {"cluster": "a.example.com"}]}""", "given twice")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "atOnce": 0}""", "atOnce")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "holdLimit": "1s"}""", "holdLimit")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "request": {"onFailre": "hold"}}""", "request.onFailre")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "request": {"cluster": "b.example.com"}}""", "request.cluster")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}, {"cluster": "b.example.com", "request": {"adminTtl": "1s"}}]}""", "clusters[1].request.adminTtl")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "window": {"windows": [{"from": "22:00", "to": "25:00"}]}}""", "window.windows[0].to")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "kind": "everything"}""", "kind: \"everything\" is not one of keypairs, secret, legacy")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "kind": "secret"}""", "clusters[0].request.secret: is required")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "kind": "legacy", "request": {"acknowledgeDisruption": "b.example.com"}}""", "request.acknowledgeDisruption: 'b.example.com' is not the cluster")]
    [InlineData("""{"clusters": [{"cluster": "a.example.com"}], "request": []}""", "request: must be one JSON object")]
    public async Task A_mistyped_fleet_fails_at_once_and_names_what_is_wrong(string json, string names)
    {
        await using var harness = new FleetHarness(server);

        var failure = await RotationHarness.FailureOfAsync(await harness.StartRawAsync("RotateFleet", json));

        failure.ErrorType.ShouldBe(RotationErrors.InvalidRequest);
        failure.Message.ShouldContain(names);
        harness.World.Begun.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("{}", "fleet.clusters")]
    [InlineData("""{"fleet": {"clusters": [{"cluster": "a.example.com"}]}, "due": {"maxAgeDays": 0, "daysToExpiry": 0}}""", "due")]
    [InlineData("""{"fleet": {"clusters": [{"cluster": "a.example.com"}]}, "due": {"maxAge": 1}}""", "due.maxAge")]
    [InlineData("""{"fleet": {"clusters": [{"cluster": "a.example.com"}], "window": {"timeZone": "Europe/Berln", "windows": [{"from": "22:00", "to": "04:00"}]}}}""", "Europe/Berln")]
    public async Task A_mistyped_policy_fails_at_once_and_names_what_is_wrong(string json, string names)
    {
        await using var harness = new FleetHarness(server);

        var failure = await RotationHarness.FailureOfAsync(await harness.StartRawAsync("RotationPolicy", json));

        failure.ErrorType.ShouldBe(RotationErrors.InvalidRequest);
        failure.Message.ShouldContain(names);
    }

    [Fact]
    public async Task The_smallest_JSON_typed_by_hand_rotates_a_fleet_and_a_policy()
    {
        await using var harness = new FleetHarness(server);
        harness.World.Born("ok-b.example.com", DateTimeOffset.UtcNow.AddDays(-366));
        harness.World.Born("ok-c.example.com", DateTimeOffset.UtcNow.AddDays(-300));
        var fleet = await harness.StartRawAsync("RotateFleet", """{"clusters": [{"cluster": "ok-a.example.com"}]}""");
        var policy = await harness.StartRawAsync("RotationPolicy", """{"Fleet": {"Clusters": [{"Cluster": "ok-b.example.com"}, {"cluster": "ok-c.example.com"}]}}""");

        (await fleet.GetResultAsync<FleetResult>()).State.ShouldBe(RotationState.Completed);
        PolicyResult result = await policy.GetResultAsync<PolicyResult>();
        result.Clusters.Select(c => c.Decision).ShouldBe([PolicyDecision.Due, PolicyDecision.NotDue]);
        result.Clusters[0].Reason.ShouldBe("the primary of kubernetes-ca is 366 days old, 365 are the limit");
        harness.World.Begun.Select(b => b.Cluster).ShouldBe(["ok-a.example.com", "ok-b.example.com"], ignoreOrder: true);
    }
}
