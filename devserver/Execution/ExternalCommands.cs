using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Signals and cancel requests to other workflows: noted with the command, done after all commands of the task.</summary>
internal static class ExternalCommands
{
    public static HistoryEvent Signal(Run run, Transition t, SignalExternalWorkflowExecutionCommandAttributes c, long completedId)
    {
        if (string.IsNullOrEmpty(c.Execution?.WorkflowId) || c.SignalName.Length == 0)
            throw new BadCommand(WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes, "WorkflowId and SignalName must be set");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.SignalExternalWorkflowExecutionInitiated,
            SignalExternalWorkflowExecutionInitiatedEventAttributes = new()
            {
                Namespace = run.State.Namespace,
                WorkflowExecution = c.Execution,
                SignalName = c.SignalName,
                Input = c.Input,
                Header = c.Header,
                ChildWorkflowOnly = c.ChildWorkflowOnly,
                WorkflowTaskCompletedEventId = completedId,
            },
        });
        t.After(() => SignalNow(run, t, item));
        return item;
    }

    public static HistoryEvent Cancel(Run run, Transition t, RequestCancelExternalWorkflowExecutionCommandAttributes c, long completedId)
    {
        if (c.WorkflowId.Length == 0)
            throw new BadCommand(WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes, "WorkflowId must be set");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.RequestCancelExternalWorkflowExecutionInitiated,
            RequestCancelExternalWorkflowExecutionInitiatedEventAttributes = new()
            {
                Namespace = run.State.Namespace,
                WorkflowExecution = new() { WorkflowId = c.WorkflowId, RunId = c.RunId },
                ChildWorkflowOnly = c.ChildWorkflowOnly,
                Reason = c.Reason,
                WorkflowTaskCompletedEventId = completedId,
            },
        });
        t.After(() => CancelNow(run, t, item));
        return item;
    }

    private static void SignalNow(Run run, Transition t, HistoryEvent initiated)
    {
        var c = initiated.SignalExternalWorkflowExecutionInitiatedEventAttributes;
        var target = Target(run, t, c.WorkflowExecution, c.ChildWorkflowOnly);
        if (target is not null)
        {
            Signals.Add(target, t, new()
            {
                SignalName = c.SignalName,
                Input = c.Input,
                Header = c.Header,
                ExternalWorkflowExecution = run.Execution,
                RequestId = $"{run.Id}-{initiated.EventId}",
            });
        }
        if (!run.State.IsOpen)
            return;
        Happened.Outside(run, t, target is null
            ? new HistoryEvent
            {
                EventType = EventType.SignalExternalWorkflowExecutionFailed,
                SignalExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    Namespace = c.Namespace,
                    WorkflowExecution = c.WorkflowExecution,
                    InitiatedEventId = initiated.EventId,
                    WorkflowTaskCompletedEventId = c.WorkflowTaskCompletedEventId,
                },
            }
            : new HistoryEvent
            {
                EventType = EventType.ExternalWorkflowExecutionSignaled,
                ExternalWorkflowExecutionSignaledEventAttributes = new()
                {
                    Namespace = c.Namespace,
                    WorkflowExecution = c.WorkflowExecution,
                    InitiatedEventId = initiated.EventId,
                },
            });
    }

    private static void CancelNow(Run run, Transition t, HistoryEvent initiated)
    {
        var c = initiated.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes;
        var target = Target(run, t, c.WorkflowExecution, c.ChildWorkflowOnly);
        if (target is not null)
            Closing.RequestCancel(target, t, c.Reason, "", run.Execution, initiated.EventId);
        if (!run.State.IsOpen)
            return;
        Happened.Outside(run, t, target is null
            ? new HistoryEvent
            {
                EventType = EventType.RequestCancelExternalWorkflowExecutionFailed,
                RequestCancelExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    Namespace = c.Namespace,
                    WorkflowExecution = c.WorkflowExecution,
                    InitiatedEventId = initiated.EventId,
                    WorkflowTaskCompletedEventId = c.WorkflowTaskCompletedEventId,
                },
            }
            : new HistoryEvent
            {
                EventType = EventType.ExternalWorkflowExecutionCancelRequested,
                ExternalWorkflowExecutionCancelRequestedEventAttributes = new()
                {
                    Namespace = c.Namespace,
                    WorkflowExecution = c.WorkflowExecution,
                    InitiatedEventId = initiated.EventId,
                },
            });
    }

    private static Run? Target(Run run, Transition t, WorkflowExecution execution, bool childOnly)
    {
        var target = execution.RunId.Length > 0 ? t.Runs.Find(execution.RunId) : t.Runs.Current(run.State.Namespace, execution.WorkflowId);
        if (target is not { State.IsOpen: true } || target.State.WorkflowId != execution.WorkflowId)
            return null;
        return childOnly && target.State.Parent?.RunId != run.Id ? null : target;
    }
}
