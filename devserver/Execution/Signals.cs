using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Signals: once for each request id.</summary>
internal static class Signals
{
    /// <summary>Limit of the real server, per run.</summary>
    public const int Max = 10_000;

    /// <summary>Whether a signal was sent before, by the id of its request.</summary>
    public static bool IsKnown(Run run, string requestId) => requestId.Length > 0 && run.SignalRequests.Contains(requestId);

    /// <summary>A signal does not end a start delay; it is there when the delay is over.</summary>
    public static void Add(Run run, Transition t, WorkflowExecutionSignaledEventAttributes signal)
    {
        if (IsKnown(run, signal.RequestId))
            return;
        if (run.State.CloseAttempted && run.State.Task is { StartedId: > 0 })
            throw Failures.BusyWorkflow(Failures.WorkflowClosingText);
        if (run.SignalRequests.Count >= Max)
            throw Failures.InvalidArgument("exceeded workflow execution limit for signal events");
        if (signal.RequestId.Length > 0)
            run.SignalRequests.Add(signal.RequestId);
        Happened.Outside(run, t, new HistoryEvent { EventType = EventType.WorkflowExecutionSignaled, WorkflowExecutionSignaledEventAttributes = signal });
    }
}
