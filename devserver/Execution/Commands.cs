using Rotation.DevServer.Transport;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Turns the commands of a completed workflow task into events, in their order.</summary>
internal sealed class Commands(Run run, Transition t, string identity, long completedId, IReadOnlyDictionary<string, Message> messages)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);
    private readonly HashSet<string> _startedChildren = new(StringComparer.Ordinal);

    /// <summary>Events wait that the worker has not seen: it may not end the run.</summary>
    private bool _unseen = run.State.Buffered.Count > 0;

    /// <summary>Messages no command pointed to: rejections.</summary>
    public IEnumerable<Message> Unused => messages.Values.Where(m => !_used.Contains(m.Id));

    public void Apply(Command command)
    {
        if (CloseCommands.Is(command.CommandType) && _unseen)
            throw new BadCommand(WorkflowTaskFailedCause.UnhandledCommand, Failures.UnhandledCommandText);
        var item = Event(command);
        item?.EventGroupMarkers.Add(command.EventGroupMarkers);
        if (item is not null && command.UserMetadata is not null)
            item.UserMetadata = command.UserMetadata;
    }

    private HistoryEvent? Event(Command c) => c.CommandType switch
    {
        CommandType.ScheduleActivityTask => ActivityCommands.Schedule(run, t, c.ScheduleActivityTaskCommandAttributes, completedId),
        CommandType.RequestCancelActivityTask => ActivityCommands.RequestCancel(run, t, c.RequestCancelActivityTaskCommandAttributes, identity, completedId),
        CommandType.StartTimer => TimerCommands.Start(run, t, c.StartTimerCommandAttributes, completedId),
        CommandType.CancelTimer => CancelTimer(c.CancelTimerCommandAttributes),
        CommandType.RecordMarker => PropertyCommands.Marker(run, t, c.RecordMarkerCommandAttributes, completedId),
        CommandType.UpsertWorkflowSearchAttributes => PropertyCommands.Upsert(run, t, c.UpsertWorkflowSearchAttributesCommandAttributes, completedId),
        CommandType.ModifyWorkflowProperties => PropertyCommands.Modify(run, t, c.ModifyWorkflowPropertiesCommandAttributes, completedId),
        CommandType.StartChildWorkflowExecution => StartChild(c),
        CommandType.SignalExternalWorkflowExecution => ExternalCommands.Signal(run, t, c.SignalExternalWorkflowExecutionCommandAttributes, completedId),
        CommandType.RequestCancelExternalWorkflowExecution => CancelExternal(c.RequestCancelExternalWorkflowExecutionCommandAttributes),
        CommandType.CompleteWorkflowExecution => CloseCommands.Complete(run, t, c.CompleteWorkflowExecutionCommandAttributes, completedId),
        CommandType.FailWorkflowExecution => CloseCommands.Fail(run, t, c.FailWorkflowExecutionCommandAttributes, completedId),
        CommandType.CancelWorkflowExecution => CloseCommands.Cancel(run, t, c.CancelWorkflowExecutionCommandAttributes, completedId),
        CommandType.ContinueAsNewWorkflowExecution => CloseCommands.Continue(run, t, c.ContinueAsNewWorkflowExecutionCommandAttributes, completedId),
        CommandType.ProtocolMessage => Protocol(c.ProtocolMessageCommandAttributes.MessageId),
        _ => throw new BadCommand(WorkflowTaskFailedCause.FeatureDisabled, $"{c.CommandType} is not part of this embedded server; use a Temporal service for it."),
    };

    private HistoryEvent CancelTimer(CancelTimerCommandAttributes c)
    {
        var item = TimerCommands.Cancel(run, t, c, identity, completedId);
        _unseen = _unseen && run.State.Buffered.Count > 0;
        return item;
    }

    private HistoryEvent StartChild(Command c)
    {
        var item = ChildCommands.Start(run, t, c.StartChildWorkflowExecutionCommandAttributes, c.UserMetadata, completedId);
        _startedChildren.Add(c.StartChildWorkflowExecutionCommandAttributes.WorkflowId);
        return item;
    }

    private HistoryEvent CancelExternal(RequestCancelExternalWorkflowExecutionCommandAttributes c) => _startedChildren.Contains(c.WorkflowId)
        ? throw new BadCommand(
            WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes,
            $"Start and RequestCancel for child workflow is not allowed in same workflow task. WorkflowId={c.WorkflowId} RunId={c.RunId}")
        : ExternalCommands.Cancel(run, t, c, completedId);

    private HistoryEvent? Protocol(string messageId)
    {
        if (!messages.TryGetValue(messageId, out var message))
            throw new BadCommand(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"ProtocolMessageCommand referenced absent message ID {messageId}");
        _used.Add(messageId);
        UpdateMessages.Apply(run, t, message);
        return null;
    }
}
