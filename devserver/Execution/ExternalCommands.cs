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
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes;
        Sizes.CommandId(c.Execution?.WorkflowId ?? "", Bad, "WorkflowId");
        Sizes.CommandId(c.SignalName, Bad, "SignalName");
        CheckRun(c.Execution!.RunId, Bad);
        Sizes.Command(c.Input, Bad, "SignalExternalWorkflowExecutionCommandAttributes.Input");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.SignalExternalWorkflowExecutionInitiated,
            SignalExternalWorkflowExecutionInitiatedEventAttributes = new()
            {
                Namespace = run.State.Namespace,
                NamespaceId = Operator.NamespaceSet.IdOf(run.State.Namespace),
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
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes;
        Sizes.CommandId(c.WorkflowId, Bad, "WorkflowId");
        CheckRun(c.RunId, Bad);
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.RequestCancelExternalWorkflowExecutionInitiated,
            RequestCancelExternalWorkflowExecutionInitiatedEventAttributes = new()
            {
                Namespace = run.State.Namespace,
                NamespaceId = Operator.NamespaceSet.IdOf(run.State.Namespace),
                WorkflowExecution = new() { WorkflowId = c.WorkflowId, RunId = c.RunId },
                ChildWorkflowOnly = c.ChildWorkflowOnly,
                Reason = c.Reason,
                WorkflowTaskCompletedEventId = completedId,
            },
        });
        t.After(() => CancelNow(run, t, item));
        return item;
    }

    private static void CheckRun(string runId, WorkflowTaskFailedCause cause)
    {
        if (runId.Length > 0 && !Guid.TryParse(runId, out _))
            throw new BadCommand(cause, $"Invalid RunId set on {Sizes.CommandOf(cause)}. RunId={runId}");
    }

    private static void SignalNow(Run run, Transition t, HistoryEvent initiated)
    {
        if (!run.State.IsOpen)
            return;
        var c = initiated.SignalExternalWorkflowExecutionInitiatedEventAttributes;
        var target = Target(run, t, c.WorkflowExecution, c.ChildWorkflowOnly);
        var full = target is not null && target.SignalRequests.Count >= Signals.Max;
        if (target is { State.IsOpen: true } && !full)
        {
            Signals.Add(target, t, new()
            {
                SignalName = c.SignalName,
                Input = c.Input,
                Header = c.Header,
                Identity = Closing.Identity,
                ExternalWorkflowExecution = run.Execution,
                RequestId = $"{run.Id}-{initiated.EventId}",
            });
        }
        Happened.Outside(run, t, target is not { State.IsOpen: true } || full
            ? new HistoryEvent
            {
                EventType = EventType.SignalExternalWorkflowExecutionFailed,
                SignalExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = full ? SignalExternalWorkflowExecutionFailedCause.SignalCountLimitExceeded : SignalExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    Namespace = c.Namespace,
                    NamespaceId = c.NamespaceId,
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
                    NamespaceId = c.NamespaceId,
                    WorkflowExecution = c.WorkflowExecution,
                    InitiatedEventId = initiated.EventId,
                },
            });
    }

    private static void CancelNow(Run run, Transition t, HistoryEvent initiated)
    {
        if (!run.State.IsOpen)
            return;
        var c = initiated.RequestCancelExternalWorkflowExecutionInitiatedEventAttributes;
        var target = Target(run, t, c.WorkflowExecution, c.ChildWorkflowOnly);
        if (target is not null)
            Closing.RequestCancel(target, t, c.Reason, Closing.Identity, run.Execution, initiated.EventId);
        Happened.Outside(run, t, target is null
            ? new HistoryEvent
            {
                EventType = EventType.RequestCancelExternalWorkflowExecutionFailed,
                RequestCancelExternalWorkflowExecutionFailedEventAttributes = new()
                {
                    Cause = CancelExternalWorkflowExecutionFailedCause.ExternalWorkflowExecutionNotFound,
                    Namespace = c.Namespace,
                    NamespaceId = c.NamespaceId,
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
                    NamespaceId = c.NamespaceId,
                    WorkflowExecution = c.WorkflowExecution,
                    InitiatedEventId = initiated.EventId,
                },
            });
    }

    /// <summary>Null: there is no such workflow, it is no child where it must be one, or it is the asking one itself.</summary>
    private static Run? Target(Run run, Transition t, WorkflowExecution execution, bool childOnly)
    {
        if (execution.WorkflowId == run.State.WorkflowId)
            return null;
        var target = execution.RunId.Length > 0 ? t.Runs.Find(execution.RunId) : t.Runs.Current(run.State.Namespace, execution.WorkflowId);
        if (target is null || target.State.WorkflowId != execution.WorkflowId)
            return null;
        return childOnly && target.State.Parent?.RunId != run.Id ? null : target;
    }
}
