using Temporalio.Api.Query.V1;

namespace Rotation.DevServer.Execution;

/// <summary>A question somebody waits to have answered. Never durable: a caller whose server dies asks again.</summary>
internal sealed class PendingQuery(string id, WorkflowQuery query)
{
    public string Id { get; } = id;
    public WorkflowQuery Query { get; } = query;

    /// <summary>True while a task of its own carries it; false while it waits for the run's workflow task.</summary>
    public bool Direct { get; set; }

    /// <summary>Queue its own task waits in.</summary>
    public string Queue { get; set; } = "";

    public bool Sent { get; set; }

    public TaskCompletionSource<WorkflowQueryResult> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>The open questions of one run.</summary>
internal sealed class QueryRegistry
{
    private readonly Dictionary<string, PendingQuery> _pending = new(StringComparer.Ordinal);

    public IEnumerable<PendingQuery> All => _pending.Values;

    public IEnumerable<PendingQuery> ForTask => _pending.Values.Where(q => !q.Direct);

    public PendingQuery? Find(string id) => _pending.GetValueOrDefault(id);

    public PendingQuery Add(WorkflowQuery query)
    {
        var pending = new PendingQuery(Guid.NewGuid().ToString("N"), query);
        return _pending[pending.Id] = pending;
    }

    public void Remove(PendingQuery query) => _pending.Remove(query.Id);
}
