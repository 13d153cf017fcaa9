using Rotation.Tests.Support;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Tests.Conformance.Samples;

/// <summary>A worker on a queue of its own, and what a case asks of the server.</summary>
internal sealed class Bench(TemporalFixture temporal) : IDisposable
{
    private TemporalWorker? _worker;

    public ITemporalClient Client => temporal.Client;

    public string Namespace => temporal.Namespace;

    public string Queue { get; } = RandomId.New("queue");

    public TemporalWorker Worker => _worker ??= new(temporal.Client, Options());

    public TemporalWorkerOptions Options() => new TemporalWorkerOptions(Queue)
        .AddWorkflow<Echo>().AddWorkflow<Waiter>().AddWorkflow<Doer>().AddWorkflow<Sleeper>().AddWorkflow<Parent>().AddWorkflow<Again>().AddWorkflow<Failing>().AddWorkflow<Teller>().AddWorkflow<Marker>().AddWorkflow<Outsider>().AddWorkflow<Crash>().AddWorkflow<Later>().AddWorkflow<Canceller>()
        .AddAllActivities(typeof(Acts), null);

    public WorkflowOptions With(string? id = null) => new(id ?? RandomId.New("wf"), Queue);

    /// <summary>Runs with the worker until the case is over.</summary>
    public Task RunAsync(Func<Task> body) => Worker.ExecuteAsync(body);

    public static async Task<IReadOnlyList<HistoryEvent>> EventsAsync(WorkflowHandle handle) => [.. (await handle.FetchHistoryAsync()).Events];

    /// <summary>Types of a run's events in order.</summary>
    public static async Task<EventType[]> TypesAsync(WorkflowHandle handle) => [.. (await EventsAsync(handle)).Select(e => e.EventType)];

    public void Dispose() => _worker?.Dispose();
}
