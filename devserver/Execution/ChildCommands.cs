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
        Check(run, t, c);
        if (s.Children.Count >= ActivityCommands.MaxPending)
            throw new BadCommand(WorkflowTaskFailedCause.PendingChildWorkflowsLimitExceeded, $"the number of pending child workflow executions, {s.Children.Count}, has reached the per-workflow limit of {ActivityCommands.MaxPending}");
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
            Policy = item.StartChildWorkflowExecutionInitiatedEventAttributes.ParentClosePolicy,
        };
        t.After(() => StartNow(run, t, item, metadata));
        return item;
    }

    private static void Check(Run run, Transition t, StartChildWorkflowExecutionCommandAttributes c)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadStartChildExecutionAttributes;
        Sizes.CommandId(c.WorkflowId, Bad, "Required field WorkflowId");
        Sizes.CommandId(c.WorkflowType?.Name ?? "", Bad, "Required field WorkflowType");
        Sizes.CommandLength(c.WorkflowExecutionTimeout, Bad, "WorkflowExecutionTimeout");
        Sizes.CommandLength(c.WorkflowRunTimeout, Bad, "WorkflowRunTimeout");
        Sizes.CommandLength(c.WorkflowTaskTimeout, Bad, "WorkflowTaskTimeout");
        Retries.Check(c.RetryPolicy, Bad);
        if (c.CronSchedule.Length > 0)
            throw new BadCommand(Bad, "cron schedules are not part of this embedded server; use a schedule");
        Sizes.Command(c.Input, Bad, "StartChildWorkflowExecutionCommandAttributes. Input");
        Sizes.Command(c.Memo, Bad, "StartChildWorkflowExecutionCommandAttributes.Memo");
        if (c.SearchAttributes is not null)
            c.SearchAttributes = PropertyCommands.Checked(run, t, c.SearchAttributes);
    }

    private static void StartNow(Run parent, Transition t, HistoryEvent initiated, UserMetadata? metadata)
    {
        var c = initiated.StartChildWorkflowExecutionInitiatedEventAttributes;
        if (!parent.State.Children.TryGetValue(initiated.EventId, out var pending) || (!parent.State.IsOpen && pending.Policy != ParentClosePolicy.Abandon))
            return;
        var conflict = IdPolicies.Conflict(c.WorkflowIdReusePolicy, WorkflowIdConflictPolicy.Unspecified, WorkflowIdConflictPolicy.Fail);
        var what = New(parent, c, initiated.EventId);
        if (IdPolicies.Resolve(t, t.Runs.Current(c.Namespace, c.WorkflowId), c.WorkflowIdReusePolicy, conflict, what.RunId) is not null)
        {
            Refuse(parent, t, initiated);
            return;
        }
        var child = NextRuns.Create(t, what, Started(parent, c), metadata);
        pending.RunId = child.Id;
        if (parent.State.IsOpen)
        {
            Happened.Outside(parent, t, new HistoryEvent
            {
                EventType = EventType.ChildWorkflowExecutionStarted,
                ChildWorkflowExecutionStartedEventAttributes = new()
                {
                    Namespace = c.Namespace,
                    NamespaceId = c.NamespaceId,
                    InitiatedEventId = initiated.EventId,
                    WorkflowExecution = child.Execution,
                    WorkflowType = c.WorkflowType,
                    Header = c.Header,
                },
            });
        }
        WorkflowTasks.Need(child, t);
    }

    private static NewRun New(Run parent, StartChildWorkflowExecutionInitiatedEventAttributes c, long initiatedId)
    {
        var s = parent.State;
        return new NewRun(c.Namespace, c.WorkflowId, Guid.NewGuid().ToString())
        {
            Parent = new ParentLink { Namespace = s.Namespace, WorkflowId = s.WorkflowId, RunId = s.RunId, InitiatedId = initiatedId },
            Root = new WorkflowExecution { WorkflowId = s.RootWorkflowId, RunId = s.RootRunId },
        };
    }

    private static WorkflowExecutionStartedEventAttributes Started(Run parent, StartChildWorkflowExecutionInitiatedEventAttributes c) => new()
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
        Priority = Priorities.Merged(parent, c.Priority),
    };

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
                NamespaceId = c.NamespaceId,
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
        NamespaceId = Operator.NamespaceSet.IdOf(s.Namespace),
        WorkflowId = c.WorkflowId,
        WorkflowType = c.WorkflowType,
        TaskQueue = c.TaskQueue is { Name.Length: > 0 } ? c.TaskQueue : new() { Name = s.TaskQueue, Kind = TaskQueueKind.Normal },
        Input = c.Input,
        Header = c.Header,
        WorkflowExecutionTimeout = c.WorkflowExecutionTimeout ?? new(),
        WorkflowRunTimeout = Durations.Shorter(c.WorkflowRunTimeout, c.WorkflowExecutionTimeout) ?? new(),
        WorkflowTaskTimeout = NextRuns.TaskTimeout(c.WorkflowTaskTimeout, Durations.Shorter(c.WorkflowRunTimeout, c.WorkflowExecutionTimeout)),
        ParentClosePolicy = c.ParentClosePolicy == ParentClosePolicy.Unspecified ? ParentClosePolicy.Terminate : c.ParentClosePolicy,
        WorkflowIdReusePolicy = c.WorkflowIdReusePolicy == WorkflowIdReusePolicy.Unspecified ? WorkflowIdReusePolicy.AllowDuplicate : c.WorkflowIdReusePolicy,
        RetryPolicy = c.RetryPolicy is null ? null : Retries.Filled(c.RetryPolicy),
        Memo = c.Memo,
        SearchAttributes = c.SearchAttributes,
        WorkflowTaskCompletedEventId = completedId,
        Priority = c.Priority,
    };
}
