using Rotation.Activities.Fleet;
using Rotation.Activities.Windows;
using Rotation.Tests.Support;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Tests.Workflow.Fleet;

/// <summary>A worker for fleets and policies whose rotations are scripted.</summary>
internal sealed class FleetHarness : IAsyncDisposable
{
    private readonly RunningWorker _worker;

    public FleetHarness(RotationServer server)
    {
        Client = server.Typed;
        var options = new TemporalWorkerOptions(Queue) { MaxConcurrentWorkflowTasks = 200 }
            .AddWorkflow<RotateFleet>()
            .AddWorkflow<RotationPolicy>()
            .AddWorkflow<ScriptedRotation>()
            .AddAllActivities(World)
            .AddAllActivities(new Fakes.FakeApprovals())
            .AddAllActivities(new FleetActivities())
            .AddAllActivities(new WindowActivities());
        _worker = new(Client, options);
    }

    public ITemporalClient Client { get; }

    public string Queue { get; } = RandomId.New("fleet");

    public FleetWorld World { get; } = new();

    public static RotateFleetRequest Of(params string[] clusters) => new() { Clusters = [.. clusters.Select(c => new FleetCluster { Cluster = $"{c}.example.com" })] };

    public async Task<WorkflowHandle<RotateFleet, FleetResult>> StartAsync(RotateFleetRequest request, string? id = null) =>
        await Client.StartWorkflowAsync((RotateFleet w) => w.RunAsync(request), new(id ?? RandomId.New("fleet"), Queue));

    public async Task<WorkflowHandle> StartRawAsync(string workflow, string json, string? id = null) =>
        await Client.StartWorkflowAsync(workflow, [System.Text.Json.JsonDocument.Parse(json).RootElement], new(id ?? RandomId.New("raw"), Queue));

    /// <summary>Lets a slow or held rotation go on.</summary>
    public Task GoAsync(WorkflowHandle fleet, string cluster) => Client.GetWorkflowHandle($"{fleet.Id}-{cluster}.example.com").SignalAsync("go", []);

    /// <summary>The states of the clusters once they are as wanted, one letter each: Pending, Running, Held, Abandoned, Skipped, Completed, Back, Failed.</summary>
    public async Task<string> RowsWhenAsync(WorkflowHandle fleet, string wanted)
    {
        string seen = "";
        await Eventually.GetAsync(async () => seen = Letters((await Client.GetWorkflowHandle(fleet.Id).QueryAsync<FleetStatus>("clusters", [])).Clusters), s => s == wanted);
        return seen;
    }

    public static string Letters(IEnumerable<FleetRow> rows) => string.Concat(rows.Select(r => r.State == FleetRowState.RolledBack ? 'B' : r.State.ToString()[0]));

    public ValueTask DisposeAsync() => _worker.DisposeAsync();
}
