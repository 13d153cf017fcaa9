using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Fills the started event's id into events that close an activity or a child, where it is still 0.</summary>
internal static class StartedLink
{
    public static void Fill(HistoryEvent item, Func<long, long> startedOf)
    {
        switch (item.EventType)
        {
            case EventType.ActivityTaskCompleted when item.ActivityTaskCompletedEventAttributes is { StartedEventId: 0 } a:
                a.StartedEventId = startedOf(a.ScheduledEventId);
                break;
            case EventType.ActivityTaskFailed when item.ActivityTaskFailedEventAttributes is { StartedEventId: 0 } a:
                a.StartedEventId = startedOf(a.ScheduledEventId);
                break;
            case EventType.ActivityTaskTimedOut when item.ActivityTaskTimedOutEventAttributes is { StartedEventId: 0 } a:
                a.StartedEventId = startedOf(a.ScheduledEventId);
                break;
            case EventType.ActivityTaskCanceled when item.ActivityTaskCanceledEventAttributes is { StartedEventId: 0 } a:
                a.StartedEventId = startedOf(a.ScheduledEventId);
                break;
            case EventType.ChildWorkflowExecutionCompleted when item.ChildWorkflowExecutionCompletedEventAttributes is { StartedEventId: 0 } c:
                c.StartedEventId = startedOf(c.InitiatedEventId);
                break;
            case EventType.ChildWorkflowExecutionFailed when item.ChildWorkflowExecutionFailedEventAttributes is { StartedEventId: 0 } c:
                c.StartedEventId = startedOf(c.InitiatedEventId);
                break;
            case EventType.ChildWorkflowExecutionCanceled when item.ChildWorkflowExecutionCanceledEventAttributes is { StartedEventId: 0 } c:
                c.StartedEventId = startedOf(c.InitiatedEventId);
                break;
            case EventType.ChildWorkflowExecutionTimedOut when item.ChildWorkflowExecutionTimedOutEventAttributes is { StartedEventId: 0 } c:
                c.StartedEventId = startedOf(c.InitiatedEventId);
                break;
            case EventType.ChildWorkflowExecutionTerminated when item.ChildWorkflowExecutionTerminatedEventAttributes is { StartedEventId: 0 } c:
                c.StartedEventId = startedOf(c.InitiatedEventId);
                break;
        }
    }
}
