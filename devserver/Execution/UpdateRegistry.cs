using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Update.V1;

namespace Rotation.DevServer.Execution;

/// <summary>An update that is under way, in memory: durable from its acceptance on, by the events and the run's state.</summary>
internal sealed class PendingUpdate(string id, Request request)
{
    public string Id { get; } = id;
    public Request Request { get; } = request;
    public UpdateWorkflowExecutionLifecycleStage Stage { get; set; } = UpdateWorkflowExecutionLifecycleStage.Admitted;

    /// <summary>True while a worker has it in its task.</summary>
    public bool Sent { get; set; }

    /// <summary>Set when completed or rejected.</summary>
    public Outcome? Outcome { get; set; }

    /// <summary>Set when nobody will ever answer.</summary>
    public RpcFailure? Refused { get; set; }
}

/// <summary>The updates of one run that callers wait for.</summary>
internal sealed class UpdateRegistry
{
    /// <summary>Limits of the real server: at once, and per run.</summary>
    public const int MaxInFlight = 10, MaxPerRun = 2000;

    private readonly Dictionary<string, PendingUpdate> _pending = new(StringComparer.Ordinal);
    private readonly List<PendingUpdate> _answered = [];

    public PendingUpdate? Find(string id) => _pending.GetValueOrDefault(id);

    public IEnumerable<PendingUpdate> Admitted => _pending.Values.Where(u => u is { Stage: UpdateWorkflowExecutionLifecycleStage.Admitted, Refused: null });

    public IEnumerable<PendingUpdate> Unsent => Admitted.Where(u => !u.Sent);

    public PendingUpdate Admit(string id, Request request, RunState s)
    {
        var open = Admitted.Count() + s.Updates.Values.Count(u => u.CompletedId == 0);
        if (open >= MaxInFlight)
            throw Failures.ConcurrentLimit($"limit on number of concurrent in-flight updates has been reached ({MaxInFlight})");
        if (s.Updates.Count >= MaxPerRun)
        {
            throw Failures.FailedPrecondition(
                $"The limit on the total number of distinct updates in this workflow has been reached ({MaxPerRun}). Make sure any duplicate updates share an Update ID so the server can "
                + "deduplicate them, and consider rejecting updates that you aren't going to process. You can also Continue-as-New to avoid this; we recommend you check "
                + "Continue-as-New Suggested in your Workflow.");
        }

        return _pending[id] = new PendingUpdate(id, request);
    }

    /// <summary>An update answered for good; callers that wait keep their reference.</summary>
    public void Forget(PendingUpdate update)
    {
        _pending.Remove(update.Id);
        _answered.Add(update);
    }

    /// <summary>The answers of this transition stay.</summary>
    public void Saved() => _answered.Clear();

    /// <summary>What was accepted or answered in a transition that did not happen is as it was before.</summary>
    public void Revert(RunState s)
    {
        foreach (var update in _answered)
            (_pending[update.Id], update.Outcome, update.Refused) = (update, null, null);
        _answered.Clear();
        foreach (var update in _pending.Values)
            update.Stage = s.Updates.ContainsKey(update.Id) ? UpdateWorkflowExecutionLifecycleStage.Accepted : UpdateWorkflowExecutionLifecycleStage.Admitted;
    }

    /// <summary>The server itself failed the task that carried them: asking again would fail it again.</summary>
    public void RefuseSent()
    {
        foreach (var update in Admitted.Where(u => u.Sent).ToList())
        {
            update.Refused = Failures.WorkflowNotReady("Unable to perform workflow execution update due to unexpected workflow task failure.");
            Forget(update);
        }
    }

    /// <summary>The task that carried updates failed: the next one carries them.</summary>
    public void Redeliver()
    {
        foreach (var update in Admitted)
            update.Sent = false;
    }

    public void WorkflowClosed(bool continued)
    {
        foreach (var update in _pending.Values.ToList())
        {
            if (update.Stage == UpdateWorkflowExecutionLifecycleStage.Admitted)
                update.Refused ??= continued
                    ? Failures.BusyWorkflow(Failures.WorkflowClosingText)
                    : Failures.NotFound("workflow update was aborted by closing workflow");
            Forget(update);
        }
    }

    /// <summary>What callers are told of an accepted update whose workflow closed before it was done.</summary>
    public static Outcome ClosedBeforeDone() => new()
    {
        Failure = new Failure
        {
            Message = "Workflow Update failed because the Workflow completed before the Update completed.",
            Source = "Server",
            ApplicationFailureInfo = new() { Type = "AcceptedUpdateCompletedWorkflow", NonRetryable = true },
        },
    };
}
