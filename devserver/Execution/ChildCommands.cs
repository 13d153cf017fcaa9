using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Sdk.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Starts of child workflows: noted with the command, done after all commands of the task.</summary>
internal static class ChildCommands
{
    public static HistoryEvent Start(Run run, Transition t, StartChildWorkflowExecutionCommandAttributes c, UserMetadata? metadata, long completedId)
    {
        var s = run.State;
        if (c.WorkflowId.Length == 0 || string.IsNullOrEmpty(c.WorkflowType?.Name))
            throw new BadCommand(WorkflowTaskFailedCause.BadStartChildExecutionAttributes, "WorkflowId and WorkflowType must be set");
        if (s.Children.Count >= ActivityCommands.MaxPending)
            throw new BadCommand(WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded, $"the number of pending child workflows has reached the limit of {ActivityCommands.MaxPending}");
        var item = Happened.Now(run, t, new HistoryEvent
        {
            EventType = EventType.StartChildWorkflowExecutionInitiated,
            StartChildWorkflowExecutionInitiatedEventAttributes = Initiated(s, c, completedId),
        });
        s.Children[item.EventId] = new ChildState
        {
            InitiatedId = item.EventId,
            Namespace = s.Namespace,
            WorkflowId = c.WorkflowId,
            WorkflowType = c.WorkflowType.Name,
            Policy = c.ParentClosePolicy == ParentClosePolicy.Unspecified ? ParentClosePolicy.Terminate : c.ParentClosePolicy,
        };
        t.After(() => StartNow(run, t, item, metadata));
        return item;
    }

    private static void StartNow(Run parent, Transition t, HistoryEvent initiated, UserMetadata? metadata)
    {
        var c = initiated.StartChildWorkflowExecutionInitiatedEventAttributes;
        if (!parent.State.Children.TryGetValue(initiated.EventId, out var pending) || (!parent.State.IsOpen && pending.Policy != ParentClosePolicy.Abandon))
            return;
        if (!ReusePolicies.MayStart(t.Runs.Current(c.Namespace, c.WorkflowId)?.State, c.WorkflowIdReusePolicy))
        {
            Refuse(parent, t, initiated);
            return;
        }
        var child = Create(parent, t, c, metadata, initiated.EventId);
        pending.RunId = child.Id;
        if (parent.State.IsOpen)
        {
            Happened.Outside(parent, t, new HistoryEvent
            {
                EventType = EventType.ChildWorkflowExecutionStarted,
                ChildWorkflowExecutionStartedEventAttributes = new()
                {
                    Namespace = c.Namespace,
                    InitiatedEventId = initiated.EventId,
                    WorkflowExecution = child.Execution,
                    WorkflowType = c.WorkflowType,
                    Header = c.Header,
                },
            });
        }
        WorkflowTasks.Need(child, t);
    }

    private static Run Create(Run parent, Transition t, StartChildWorkflowExecutionInitiatedEventAttributes c, UserMetadata? metadata, long initiatedId)
    {
        var s = parent.State;
        var root = new WorkflowExecution { WorkflowId = s.RootWorkflowId, RunId = s.RootRunId };
        var link = new ParentLink { Namespace = s.Namespace, WorkflowId = s.WorkflowId, RunId = s.RunId, InitiatedId = initiatedId };
        var started = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = c.WorkflowType,
            TaskQueue = c.TaskQueue,
            Input = c.Input,
            Header = c.Header,
            WorkflowExecutionTimeout = c.WorkflowExecutionTimeout,
            WorkflowRunTimeout = c.WorkflowRunTimeout,
            WorkflowTaskTimeout = c.WorkflowTaskTimeout,
            RetryPolicy = c.RetryPolicy,
            Memo = c.Memo,
            SearchAttributes = c.SearchAttributes,
            ParentWorkflowExecution = parent.Execution,
            ParentInitiatedEventId = initiatedId,
            ParentWorkflowNamespace = s.Namespace,
            Priority = c.Priority,
        };
        return NextRuns.Create(t, new NewRun(c.Namespace, c.WorkflowId, Guid.NewGuid().ToString()) { Parent = link, Root = root }, started, metadata);
    }

    private static void Refuse(Run parent, Transition t, HistoryEvent initiated)
    {
        var c = initiated.StartChildWorkflowExecutionInitiatedEventAttributes;
        parent.State.Children.Remove(initiated.EventId);
        if (!parent.State.IsOpen)
            return;
        Happened.Outside(parent, t, new HistoryEvent
        {
            EventType = EventType.StartChildWorkflowExecutionFailed,
            StartChildWorkflowExecutionFailedEventAttributes = new()
            {
                Namespace = c.Namespace,
                WorkflowId = c.WorkflowId,
                WorkflowType = c.WorkflowType,
                Cause = StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists,
                InitiatedEventId = initiated.EventId,
                WorkflowTaskCompletedEventId = c.WorkflowTaskCompletedEventId,
            },
        });
    }

    private static StartChildWorkflowExecutionInitiatedEventAttributes Initiated(RunState s, StartChildWorkflowExecutionCommandAttributes c, long completedId) => new()
    {
        Namespace = s.Namespace,
        WorkflowId = c.WorkflowId,
        WorkflowType = c.WorkflowType,
        TaskQueue = c.TaskQueue is { Name.Length: > 0 } ? c.TaskQueue : new() { Name = s.TaskQueue, Kind = TaskQueueKind.Normal },
        Input = c.Input,
        Header = c.Header,
        WorkflowExecutionTimeout = c.WorkflowExecutionTimeout,
        WorkflowRunTimeout = c.WorkflowRunTimeout,
        WorkflowTaskTimeout = c.WorkflowTaskTimeout,
        ParentClosePolicy = c.ParentClosePolicy,
        WorkflowIdReusePolicy = c.WorkflowIdReusePolicy,
        RetryPolicy = c.RetryPolicy,
        Memo = c.Memo,
        SearchAttributes = c.SearchAttributes,
        WorkflowTaskCompletedEventId = completedId,
        Priority = c.Priority,
    };
}
