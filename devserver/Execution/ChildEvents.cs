using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>What a parent's history says of the end of a child.</summary>
internal static class ChildEvents
{
    public static HistoryEvent Closed(Run child, ChildState pending, HistoryEvent closing)
    {
        var execution = child.Execution;
        var type = new WorkflowType { Name = child.State.WorkflowType };
        var initiated = pending.InitiatedId;
        var started = pending.StartedId;
        var ns = pending.Namespace;
        var nsId = Operator.NamespaceSet.IdOf(ns);
        return closing.EventType switch
        {
            EventType.WorkflowExecutionCompleted => new()
            {
                EventType = EventType.ChildWorkflowExecutionCompleted,
                ChildWorkflowExecutionCompletedEventAttributes = new()
                {
                    Result = closing.WorkflowExecutionCompletedEventAttributes.Result,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                    Namespace = ns,
                    NamespaceId = nsId,
                },
            },
            EventType.WorkflowExecutionFailed => new()
            {
                EventType = EventType.ChildWorkflowExecutionFailed,
                ChildWorkflowExecutionFailedEventAttributes = new()
                {
                    Failure = closing.WorkflowExecutionFailedEventAttributes.Failure,
                    RetryState = closing.WorkflowExecutionFailedEventAttributes.RetryState,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                    Namespace = ns,
                    NamespaceId = nsId,
                },
            },
            EventType.WorkflowExecutionCanceled => new()
            {
                EventType = EventType.ChildWorkflowExecutionCanceled,
                ChildWorkflowExecutionCanceledEventAttributes = new()
                {
                    Details = closing.WorkflowExecutionCanceledEventAttributes.Details,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                    Namespace = ns,
                    NamespaceId = nsId,
                },
            },
            EventType.WorkflowExecutionTimedOut => new()
            {
                EventType = EventType.ChildWorkflowExecutionTimedOut,
                ChildWorkflowExecutionTimedOutEventAttributes = new()
                {
                    RetryState = closing.WorkflowExecutionTimedOutEventAttributes.RetryState,
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                    Namespace = ns,
                    NamespaceId = nsId,
                },
            },
            EventType.WorkflowExecutionTerminated => new()
            {
                EventType = EventType.ChildWorkflowExecutionTerminated,
                ChildWorkflowExecutionTerminatedEventAttributes = new()
                {
                    WorkflowExecution = execution,
                    WorkflowType = type,
                    InitiatedEventId = initiated,
                    StartedEventId = started,
                    Namespace = ns,
                    NamespaceId = nsId,
                },
            },
            _ => throw new InvalidOperationException($"A run does not close with {closing.EventType}."),
        };
    }
}
