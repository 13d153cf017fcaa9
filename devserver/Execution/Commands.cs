using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Turns the commands of a completed workflow task into events, in their order.</summary>
internal sealed class Commands(Run run, Transition t, string identity, long completedId, IReadOnlyDictionary<string, Message> messages)
{
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>Messages no command pointed to: rejections.</summary>
    public IEnumerable<Message> Unused => messages.Values.Where(m => !_used.Contains(m.Id));

    public void Apply(Command command)
    {
        var item = Event(command);
        if (item is not null && command.UserMetadata is not null)
            item.UserMetadata = command.UserMetadata;
    }

    private HistoryEvent? Event(Command c) => c.CommandType switch
    {
        CommandType.ScheduleActivityTask => ActivityCommands.Schedule(run, t, c.ScheduleActivityTaskCommandAttributes, completedId),
        CommandType.RequestCancelActivityTask => ActivityCommands.RequestCancel(run, t, c.RequestCancelActivityTaskCommandAttributes, completedId),
        CommandType.StartTimer => TimerCommands.Start(run, t, c.StartTimerCommandAttributes, completedId),
        CommandType.CancelTimer => TimerCommands.Cancel(run, t, c.CancelTimerCommandAttributes, identity, completedId),
        CommandType.RecordMarker => PropertyCommands.Marker(run, t, c.RecordMarkerCommandAttributes, completedId),
        CommandType.UpsertWorkflowSearchAttributes => PropertyCommands.Upsert(run, t, c.UpsertWorkflowSearchAttributesCommandAttributes, completedId),
        CommandType.ModifyWorkflowProperties => PropertyCommands.Modify(run, t, c.ModifyWorkflowPropertiesCommandAttributes, completedId),
        CommandType.StartChildWorkflowExecution => ChildCommands.Start(run, t, c.StartChildWorkflowExecutionCommandAttributes, c.UserMetadata, completedId),
        CommandType.SignalExternalWorkflowExecution => ExternalCommands.Signal(run, t, c.SignalExternalWorkflowExecutionCommandAttributes, completedId),
        CommandType.RequestCancelExternalWorkflowExecution =>
            ExternalCommands.Cancel(run, t, c.RequestCancelExternalWorkflowExecutionCommandAttributes, completedId),
        CommandType.CompleteWorkflowExecution => CloseCommands.Complete(run, t, c.CompleteWorkflowExecutionCommandAttributes, completedId),
        CommandType.FailWorkflowExecution => CloseCommands.Fail(run, t, c.FailWorkflowExecutionCommandAttributes, completedId),
        CommandType.CancelWorkflowExecution => CloseCommands.Cancel(run, t, c.CancelWorkflowExecutionCommandAttributes, completedId),
        CommandType.ContinueAsNewWorkflowExecution => CloseCommands.Continue(run, t, c.ContinueAsNewWorkflowExecutionCommandAttributes, completedId),
        CommandType.ProtocolMessage => Protocol(c.ProtocolMessageCommandAttributes.MessageId),
        _ => throw new BadCommand(WorkflowTaskFailedCause.UnhandledCommand, $"{c.CommandType} is not part of this embedded server"),
    };

    private HistoryEvent? Protocol(string messageId)
    {
        if (!messages.TryGetValue(messageId, out var message))
            throw new BadCommand(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"there is no message {messageId}");
        _used.Add(messageId);
        UpdateMessages.Apply(run, t, message);
        return null;
    }
}
