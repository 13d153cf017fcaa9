using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Signals: once for each request id.</summary>
internal static class Signals
{
    /// <summary>Limit of the real server, per run.</summary>
    public const int Max = 10_000;

    public static void Add(Run run, Transition t, WorkflowExecutionSignaledEventAttributes signal)
    {
        if (signal.RequestId.Length > 0 && run.SignalRequests.Contains(signal.RequestId))
            return;
        if (run.SignalRequests.Count >= Max)
            throw Failures.InvalidArgument($"exceeded workflow execution limit for signal events ({Max})");
        if (signal.RequestId.Length > 0)
            run.SignalRequests.Add(signal.RequestId);
        if (run.State is { Delayed: true, DelayEndsBySignal: true })
            run.State.Delayed = false;
        Happened.Outside(run, t, new HistoryEvent { EventType = EventType.WorkflowExecutionSignaled, WorkflowExecutionSignaledEventAttributes = signal });
    }
}
