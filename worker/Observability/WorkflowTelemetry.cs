using System.Diagnostics;
using Rotation.Worker.Rotations;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Rotation.Worker.Observability;

/// <summary>
/// Counts rotations and their steps, and hands the trace on to activities and child workflows. Nothing is counted or traced on a replay, and nothing of this reaches the history but the header.
/// </summary>
internal sealed class WorkflowTelemetry(WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
{
    private ActivityContext _trace;

    public override void Init(WorkflowOutboundInterceptor outbound) => base.Init(new Outbound(this, outbound));

    public override async Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
    {
        _trace = TraceHeader.Read(Workflow.Info.Headers) ?? TraceHeader.OfRun(Workflow.Info.RunId);
        Begun();
        try
        {
            object? result = await base.ExecuteWorkflowAsync(input);
            Ended(result as RotationResult, (result as RotationResult)?.State ?? RotationState.Completed);
            return result;
        }
        catch (Exception e) when (e is FailureException || TemporalException.IsCanceledException(e))
        {
            Ended(null, RotationState.Failed);
            throw;
        }
    }

    private static bool Counts => !Workflow.Unsafe.IsReplaying && RotationIds.Types.Contains(Workflow.Info.WorkflowType);

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private void Begun()
    {
        if (Workflow.Unsafe.IsReplaying)
            return;
        // A rotation lasts for days and changes its worker: its span is a moment, its activities hang below the same parent.
        using (Activity? span = TraceHeader.Spans.StartActivity($"workflow {Workflow.Info.WorkflowType}", ActivityKind.Internal, _trace))
            span?.SetTag("temporal.workflow_id", Workflow.Info.WorkflowId).SetTag("temporal.run_id", Workflow.Info.RunId);
        if (Counts && Workflow.Info.ContinuedRunId is null)
            Instruments.Count(MetricTable.Started, Workflow.Info.WorkflowType);
    }

    private static void Ended(RotationResult? result, RotationState state)
    {
        if (!Counts)
            return;
        Instruments.Count(MetricTable.Ended, Workflow.Info.WorkflowType, Word(state));
        foreach (StepStatus step in result?.Steps ?? [])
        {
            Instruments.Count(MetricTable.Steps, step.Name, Word(step.State));
            if (step.Seconds > 0)
                Instruments.Took(MetricTable.StepSeconds, step.Seconds, step.Name);
        }
    }

    private sealed class Outbound(WorkflowTelemetry inbound, WorkflowOutboundInterceptor next) : WorkflowOutboundInterceptor(next)
    {
        public override Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) =>
            base.ScheduleActivityAsync<TResult>(input with { Headers = TraceHeader.Add(input.Headers, inbound._trace) });

        public override Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input) =>
            base.StartChildWorkflowAsync<TWorkflow, TResult>(input with { Headers = TraceHeader.Add(input.Headers, inbound._trace) });
    }
}
