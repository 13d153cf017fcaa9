using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fleet;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Xunit;

namespace Rotation.Tests.Workflow.Policies;

public sealed class PolicyTests(RotationServer server) : IClassFixture<RotationServer>
{
    private static readonly MaintenanceWindow Never = new() { Blackouts = [new() { From = "2000-01-01", To = "2999-12-31" }] };

    [Fact]
    public async Task Only_what_is_due_and_in_its_window_is_rotated_each_for_its_own_reason()
    {
        await using var harness = new FleetHarness(server);
        harness.World.Born("ok-old.example.com", DateTimeOffset.UtcNow.AddDays(-400));
        harness.World.Born("ok-expiring.example.com", DateTimeOffset.UtcNow.AddDays(-3600));
        harness.World.Born("ok-young.example.com", DateTimeOffset.UtcNow);
        harness.World.Born("ok-closed.example.com", DateTimeOffset.UtcNow.AddDays(-400));
        RotateFleetRequest fleet = FleetHarness.Of("ok-old", "ok-expiring", "ok-young", "ok-closed");
        var policy = new RotationPolicyRequest { Fleet = fleet with { Clusters = [.. fleet.Clusters.Take(3), fleet.Clusters[3] with { Window = Never }] } };

        var handle = await harness.Client.StartWorkflowAsync((RotationPolicy w) => w.RunAsync(policy), new(RandomId.New("policy"), harness.Queue));
        PolicyResult result = await RotationHarness.EndOfAsync(handle);

        result.Clusters.Select(c => c.Decision).ShouldBe([PolicyDecision.Due, PolicyDecision.Due, PolicyDecision.NotDue, PolicyDecision.WindowClosed]);
        result.Rotated!.Clusters.Select(c => c.Cluster).ShouldBe(["ok-old.example.com", "ok-expiring.example.com"]);
        harness.World.Begun.Select(b => b.Cluster).ShouldBe(["ok-old.example.com", "ok-expiring.example.com"]);
    }

    [Fact]
    public async Task One_that_cannot_be_read_does_not_keep_the_others_and_is_named_at_the_end()
    {
        await using var harness = new FleetHarness(server);
        harness.World.Born("ok-old.example.com", DateTimeOffset.UtcNow.AddDays(-400));
        var policy = new RotationPolicyRequest { Fleet = FleetHarness.Of("nobody", "ok-old") };

        var failure = await RotationHarness.FailureOfAsync(await harness.Client.StartWorkflowAsync((RotationPolicy w) => w.RunAsync(policy), new(RandomId.New("policy"), harness.Queue)));

        failure.ErrorType.ShouldBe(RotationErrors.FleetIncomplete);
        failure.Message.ShouldContain("nobody.example.com: ReadKeysets: ClusterNotFound");
        failure.Message.ShouldNotContain("ok-old.example.com");
        harness.World.Begun.Select(b => b.Cluster).ShouldBe(["ok-old.example.com"]);
    }

    [Fact]
    public async Task A_cluster_that_somebody_else_is_rotating_is_no_failure()
    {
        await using var harness = new FleetHarness(server);
        var policy = new RotationPolicyRequest { Fleet = FleetHarness.Of("locked-a"), Due = new() { Always = true } };

        var handle = await harness.Client.StartWorkflowAsync((RotationPolicy w) => w.RunAsync(policy), new(RandomId.New("policy"), harness.Queue));

        FleetHarness.Letters((await RotationHarness.EndOfAsync(handle)).Rotated!.Clusters).ShouldBe("F");
    }
}
