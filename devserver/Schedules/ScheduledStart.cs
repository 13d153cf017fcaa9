using System.Globalization;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Handlers;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>Starts the workflow of an action as a client would.</summary>
internal static class ScheduledStart
{
    private const string InstantFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    /// <summary>The id of the workflow started at an instant.</summary>
    public static string IdOf(NewWorkflowExecutionInfo action, DateTime nominal) => $"{action.WorkflowId}-{nominal.ToString(InstantFormat, CultureInfo.InvariantCulture)}";

    /// <summary>Starts it; refused as any start is, and then nothing has happened.</summary>
    public static StartedRun Run(StoredSchedule schedule, Transition t, BufferedStart start, string identity, Payloads? lastResult, Failure? lastFailure)
    {
        var action = schedule.Schedule.Action.StartWorkflow;
        var nominal = start.Nominal.ToString(InstantFormat, CultureInfo.InvariantCulture);
        var request = new StartWorkflowExecutionRequest
        {
            Namespace = schedule.State.Namespace,
            WorkflowId = IdOf(action, start.Nominal),
            WorkflowType = action.WorkflowType,
            TaskQueue = action.TaskQueue,
            Input = action.Input,
            WorkflowExecutionTimeout = action.WorkflowExecutionTimeout,
            WorkflowRunTimeout = action.WorkflowRunTimeout,
            WorkflowTaskTimeout = action.WorkflowTaskTimeout,
            Identity = identity,
            RequestId = Guid.NewGuid().ToString(),
            WorkflowIdReusePolicy = start.Manual ? WorkflowIdReusePolicy.AllowDuplicate : WorkflowIdReusePolicy.RejectDuplicate,
            RetryPolicy = action.RetryPolicy,
            Memo = action.Memo,
            SearchAttributes = action.SearchAttributes?.Clone() ?? new SearchAttributes(),
            Header = action.Header,
            UserMetadata = action.UserMetadata,
            Priority = action.Priority,
            LastCompletionResult = lastResult,
            ContinuedFailure = lastFailure,
        };
        request.SearchAttributes.IndexedFields["TemporalScheduledById"] = AttributeValue.ToPayload(IndexedValueType.Keyword, schedule.State.Id);
        request.SearchAttributes.IndexedFields["TemporalScheduledStartTime"] = AttributeValue.ToPayload(IndexedValueType.Datetime, nominal);
        var run = StartHandlers.Start(t, request, r => r.State.ScheduleId = schedule.State.Id).Run;
        return new StartedRun(run.State.WorkflowId, run.Id);
    }
}
