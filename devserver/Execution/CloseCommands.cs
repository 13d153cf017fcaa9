using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Commands that end a run.</summary>
internal static class CloseCommands
{
    public static bool Is(CommandType type) => type is CommandType.CompleteWorkflowExecution or CommandType.FailWorkflowExecution
        or CommandType.CancelWorkflowExecution or CommandType.ContinueAsNewWorkflowExecution;

    public static HistoryEvent Complete(Run run, Transition t, CompleteWorkflowExecutionCommandAttributes c, long completedId)
    {
        Sizes.Command(c.Result, WorkflowTaskFailedCause.BadCompleteWorkflowExecutionAttributes, "CompleteWorkflowExecutionCommandAttributes.Result");
        var item = new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionCompleted,
            WorkflowExecutionCompletedEventAttributes = new() { Result = c.Result, WorkflowTaskCompletedEventId = completedId },
        };
        Closing.Close(run, t, WorkflowExecutionStatus.Completed, item);
        return item;
    }

    public static HistoryEvent Fail(Run run, Transition t, FailWorkflowExecutionCommandAttributes c, long completedId)
    {
        if (c.Failure is null)
            throw new BadCommand(WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes, "Failure is not set on FailWorkflowExecutionCommand.");
        Sizes.Command(c.Failure, WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes, "FailWorkflowExecutionCommandAttributes.Failure");
        var (state, next) = NextRuns.Retry(run, t, c.Failure);
        var item = new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionFailed,
            WorkflowExecutionFailedEventAttributes = new()
            {
                Failure = c.Failure,
                RetryState = state,
                WorkflowTaskCompletedEventId = completedId,
                NewExecutionRunId = next?.Id ?? "",
            },
        };
        Closing.Close(run, t, WorkflowExecutionStatus.Failed, item, next?.Id);
        return item;
    }

    public static HistoryEvent Cancel(Run run, Transition t, CancelWorkflowExecutionCommandAttributes c, long completedId)
    {
        var item = new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionCanceled,
            WorkflowExecutionCanceledEventAttributes = new() { Details = c.Details, WorkflowTaskCompletedEventId = completedId },
        };
        Closing.Close(run, t, WorkflowExecutionStatus.Canceled, item);
        return item;
    }

    public static HistoryEvent Continue(Run run, Transition t, ContinueAsNewWorkflowExecutionCommandAttributes c, long completedId)
    {
        const WorkflowTaskFailedCause Bad = WorkflowTaskFailedCause.BadContinueAsNewAttributes;
        if (c.CronSchedule.Length > 0)
            throw new BadCommand(Bad, "cron schedules are not part of this embedded server; use a schedule");
        Sizes.CommandLength(c.WorkflowRunTimeout, Bad, "WorkflowRunTimeout");
        Sizes.CommandLength(c.WorkflowTaskTimeout, Bad, "WorkflowTaskTimeout");
        Sizes.CommandLength(c.BackoffStartInterval, Bad, "BackoffStartInterval");
        Retries.Check(c.RetryPolicy, Bad);
        Sizes.Command(c.Input, Bad, "ContinueAsNewWorkflowExecutionCommandAttributes. Input");
        Sizes.Command(c.Memo, Bad, "ContinueAsNewWorkflowExecutionCommandAttributes. Memo");
        if (c.SearchAttributes is not null)
            c.SearchAttributes = PropertyCommands.Checked(run, t, c.SearchAttributes);
        var next = NextRuns.Continue(run, t, c);
        var started = next.Event(1).WorkflowExecutionStartedEventAttributes;
        var item = new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionContinuedAsNew,
            WorkflowExecutionContinuedAsNewEventAttributes = new()
            {
                NewExecutionRunId = next.Id,
                WorkflowType = started.WorkflowType,
                TaskQueue = started.TaskQueue,
                Input = started.Input,
                WorkflowRunTimeout = started.WorkflowRunTimeout,
                WorkflowTaskTimeout = started.WorkflowTaskTimeout,
                BackoffStartInterval = c.BackoffStartInterval,
                Initiator = started.Initiator,
                LastCompletionResult = c.LastCompletionResult,
                Header = started.Header,
                Memo = started.Memo,
                SearchAttributes = started.SearchAttributes,
                WorkflowTaskCompletedEventId = completedId,
            },
        };
        Closing.Close(run, t, WorkflowExecutionStatus.ContinuedAsNew, item, next.Id);
        return item;
    }
}
