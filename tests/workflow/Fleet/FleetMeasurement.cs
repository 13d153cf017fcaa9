using System.Diagnostics;
using System.Globalization;
using Rotation.Activities.Fleet;
using Rotation.Activities.Windows;
using Rotation.Tests.Support;
using Rotation.Tests.Workflow.Fakes;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Shouldly;
using Temporalio.Worker;
using Xunit;

namespace Rotation.Tests.Workflow.Fleet;

/// <summary>
/// The real procedure, all six steps with locks and rolls, on many simulated clusters at once, on one worker and one embedded server. Three clusters by default; as many as
/// <c>ROTATION_FLEET_CLUSTERS</c> says with <c>make fleet</c>, which prints one JSON object.
/// </summary>
public sealed class FleetMeasurement(RotationServer server) : IClassFixture<RotationServer>
{
    [Fact]
    public async Task Every_cluster_of_a_fleet_takes_the_six_steps_and_nobody_is_cut_off()
    {
        int count = int.Parse(Environment.GetEnvironmentVariable("ROTATION_FLEET_CLUSTERS") ?? "3", CultureInfo.InvariantCulture);
        string run = Guid.NewGuid().ToString("N")[..8];
        FakeCluster[] clusters = [.. Enumerable.Range(0, count).Select(i => new FakeCluster($"c{i}-{run}.example.com", controlPlane: 1, workers: 2))];
        string queue = RandomId.New("fleet");
        using var worker = new TemporalWorker(server.Typed, Options(queue, clusters));
        var request = new RotateFleetRequest
        {
            Clusters = [.. clusters.Select(c => new FleetCluster { Cluster = c.Name })],
            Request = System.Text.Json.JsonDocument.Parse("""{"approvals": {"auto": true}}""").RootElement,
            AtOnce = Math.Min(count, 200),
            Canary = 0,
        };

        var watch = Stopwatch.StartNew();
        FleetResult result = await worker.ExecuteAsync(async () =>
        {
            var fleet = await server.Typed.StartWorkflowAsync((RotateFleet w) => w.RunAsync(request), new(RandomId.New("fleet"), queue));
            return await fleet.GetResultAsync();
        });

        Console.WriteLine($$"""{"clusters": {{count}}, "completed": {{result.Clusters.Count(r => r.State == FleetRowState.Completed)}}, "nodesRolled": {{clusters.Sum(c => c.Terminated.Count)}}, "violations": {{clusters.Sum(c => c.Violations.Count)}}, "seconds": {{watch.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)}}}""");
        result.State.ShouldBe(RotationState.Completed);
        clusters.ShouldAllBe(c => c.Violations.Count == 0 && c.Keysets.All(k => k.Ids.Count == 2 && k.Trusted.Single() == k.Primary));
    }

    private static TemporalWorkerOptions Options(string queue, FakeCluster[] clusters)
    {
        var options = new TemporalWorkerOptions(queue);
        foreach (Type type in RotationWorkflows.Types)
            options.AddWorkflow(type);
        var faults = new FakeFaults();
        foreach (var activity in ClusterRouter.Of(clusters.ToDictionary(c => c.Name, c => new object[] { new FakeActivities(c, faults), new FakeNodeActivities(c, faults), new FakeFactActivities(faults) })))
            options.AddActivity(activity);
        return options.AddAllActivities(new FakeLockActivities()).AddAllActivities(new FleetActivities()).AddAllActivities(new WindowActivities());
    }
}
