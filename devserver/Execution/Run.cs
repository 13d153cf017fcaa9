using Rotation.DevServer.Store;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>
/// One run in memory: its state, its events, and the callers that wait for it. Touched under the engine's lock only. Events, once
/// appended, are never changed.
/// </summary>
internal sealed class Run
{
    private readonly Func<string, List<HistoryEvent>>? _load;
    private List<HistoryEvent>? _events;
    private HashSet<string>? _signalRequests;
    private byte[]? _saved;
    private int _savedEvents;

    /// <summary>A new run, not written yet.</summary>
    public Run(RunState state)
    {
        State = state;
        _events = [];
    }

    /// <summary>A stored run; its events are read when first needed.</summary>
    public Run(byte[] stored, Func<string, List<HistoryEvent>> load)
    {
        State = StateJson.Read(stored);
        _saved = stored;
        _load = load;
        _savedEvents = (int)State.NextEventId - 1;
    }

    public RunState State { get; private set; }

    public string Id => State.RunId;

    public bool IsNew => _saved is null;

    public List<HistoryEvent> Events => _events ??= _load!(Id);

    public WorkflowExecution Execution => new() { WorkflowId = State.WorkflowId, RunId = State.RunId };

    /// <summary>True when lists must show something new.</summary>
    public bool RowChanged { get; set; }

    public UpdateRegistry Updates { get; } = new();

    public QueryRegistry Queries { get; } = new();

    /// <summary>Completes at the next change; take it before looking, then wait.</summary>
    public TaskCompletionSource Changed { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Request ids of signals already in the history: a repeated call adds nothing.</summary>
    public HashSet<string> SignalRequests => _signalRequests ??= ReadSignalRequests();

    /// <summary>What the engine has armed and handed to queues for this run.</summary>
    public Dictionary<DueKey, DateTime> Armed { get; set; } = [];

    /// <summary>The run that was its workflow id's newest before it.</summary>
    public string? ReplacedRunId { get; set; }

    public HashSet<long> Dispatched { get; set; } = [];

    public HistoryEvent Event(long id) => Events[(int)id - 1];

    /// <summary>Gives an event its place in the history.</summary>
    public HistoryEvent Append(HistoryEvent item, DateTime now)
    {
        item.EventId = State.NextEventId++;
        item.EventTime ??= Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(now);
        item.TaskId = item.EventId;
        State.HistoryBytes += item.CalculateSize();
        Events.Add(item);
        return item;
    }

    /// <summary>What is to be written since the last call.</summary>
    public RunWrite Save(bool isCurrent)
    {
        State.Transitions++;
        Updates.Saved();
        _saved = StateJson.Write(State);
        var fresh = _events is null ? [] : _events.Skip(_savedEvents).Select(e => Google.Protobuf.MessageExtensions.ToByteArray(e)).ToList();
        var first = _savedEvents + 1;
        _savedEvents += fresh.Count;
        return new RunWrite(State.Namespace, State.WorkflowId, Id, State.IsOpen, State.Closed, _saved, first, fresh, isCurrent);
    }

    /// <summary>Goes back to what was last saved: a transition failed half-way.</summary>
    public void Revert()
    {
        if (_saved is null)
            return;
        State = StateJson.Read(_saved);
        _signalRequests = null;
        Updates.Revert(State);
        if (_events is not null)
            _events.RemoveRange(_savedEvents, _events.Count - _savedEvents);
    }

    public void Pulse()
    {
        var changed = Changed;
        Changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        changed.TrySetResult();
    }

    private HashSet<string> ReadSignalRequests() => Events.Concat(State.Buffered.Select(b => HistoryEvent.Parser.ParseFrom(b)))
        .Where(e => e.EventType == EventType.WorkflowExecutionSignaled && e.WorkflowExecutionSignaledEventAttributes.RequestId.Length > 0)
        .Select(e => e.WorkflowExecutionSignaledEventAttributes.RequestId).ToHashSet(StringComparer.Ordinal);
}
