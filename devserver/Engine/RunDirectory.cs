using Rotation.DevServer.Execution;
using Rotation.DevServer.Store;
using Rotation.DevServer.Visibility.Attributes;

namespace Rotation.DevServer.Engine;

/// <summary>
/// The runs in memory: every open one, and the closed ones used last. Closed runs that were put out are read from the file when
/// asked for. Under the engine's lock only.
/// </summary>
internal sealed class RunDirectory(SqliteStore store, SearchAttributeCatalog catalog) : IRunDirectory
{
    private const int KeptClosed = 64;
    private readonly Dictionary<string, Run> _runs = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Namespace, string WorkflowId), string> _current = [];
    private readonly Queue<(Run Run, Task Durable)> _closed = new();
    private readonly HashSet<Run> _open = [];

    public IReadOnlyCollection<Run> Open => _open;

    public Run? Current(string namespaceName, string workflowId)
    {
        if (_current.TryGetValue((namespaceName, workflowId), out var runId))
            return Find(runId);
        return store.Lookup(c => RunTable.CurrentRun(c, namespaceName, workflowId)) is { } stored ? Find(stored) : null;
    }

    public Run? Find(string runId)
    {
        if (_runs.TryGetValue(runId, out var run))
            return run;
        return store.Lookup(c => RunTable.State(c, runId)) is { } state ? new Run(state, Events) : null;
    }

    public void Add(Run run)
    {
        var key = (run.State.Namespace, run.State.WorkflowId);
        run.ReplacedRunId = _current.GetValueOrDefault(key);
        _runs[run.Id] = run;
        _open.Add(run);
        _current[key] = run.Id;
    }

    public AttributeTypes Attributes(string namespaceName) => catalog.Of(namespaceName);

    public bool IsCurrent(Run run) => _current.TryGetValue((run.State.Namespace, run.State.WorkflowId), out var id) && id == run.Id;

    public IReadOnlyCollection<Run> LoadOpen()
    {
        foreach (var state in store.ReadNow(RunTable.OpenStates))
            Add(new Run(state, Events));
        return [.. _open];
    }

    /// <summary>A transition did not happen: what it changed in memory is taken back, what it made is dropped.</summary>
    public void Revert(IReadOnlyCollection<Run> touched)
    {
        foreach (var run in touched.Where(r => r.IsNew).Reverse())
        {
            Drop(run);
            if (run.ReplacedRunId is { } before)
                _current[(run.State.Namespace, run.State.WorkflowId)] = before;
        }
        foreach (var run in touched.Where(r => !r.IsNew))
            run.Revert();
    }

    /// <summary>Called after each written transition: closed runs leave memory when enough newer ones came.</summary>
    public void Closed(Run run, Task durable)
    {
        if (!_open.Remove(run))
            return;
        _closed.Enqueue((run, durable));
        while (store.CanLookUp && _closed.Count > KeptClosed && _closed.Peek().Durable.IsCompletedSuccessfully)
            Drop(_closed.Dequeue().Run);
    }

    /// <summary>A closed run that somebody asks something of stays in memory until enough others came.</summary>
    public void Keep(Run run)
    {
        if (_runs.TryAdd(run.Id, run))
            _closed.Enqueue((run, Task.CompletedTask));
    }

    /// <summary>Forgets a run that was deleted.</summary>
    public void Drop(Run run)
    {
        _runs.Remove(run.Id);
        _open.Remove(run);
        if (IsCurrent(run))
            _current.Remove((run.State.Namespace, run.State.WorkflowId));
    }

    /// <summary>Forgets a run by its id, if it is in memory.</summary>
    public void Forget(string runId)
    {
        if (_runs.TryGetValue(runId, out var run))
            Drop(run);
    }

    private List<Temporalio.Api.History.V1.HistoryEvent> Events(string runId) =>
        store.CanLookUp ? store.Lookup(c => RunTable.Events(c, runId))! : store.ReadNow(c => RunTable.Events(c, runId));
}
