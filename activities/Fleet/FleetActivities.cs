using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Temporalio.Activities;
using Temporalio.Api.Enums.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;

namespace Rotation.Activities.Fleet;

/// <inheritdoc cref="IFleetActivities" />
internal sealed class FleetActivities : IFleetActivities
{
    private const int AtOnce = 20;

    /// <inheritdoc />
    [Activity]
    public async Task<RotationReadings> ReadRotationsAsync(RotationsToRead input)
    {
        ActivityExecutionContext context = ActivityExecutionContext.Current;
        var readings = new RotationReading[input.WorkflowIds.Count];
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = context.CancellationToken };
        await Parallel.ForAsync(0, readings.Length, parallel, async (i, ct) => readings[i] = await ReadAsync(context.TemporalClient.GetWorkflowHandle(input.WorkflowIds[i]), ct).ConfigureAwait(false)).ConfigureAwait(false);
        return new(readings);
    }

    private static async Task<RotationReading> ReadAsync(WorkflowHandle handle, CancellationToken ct)
    {
        try
        {
            WorkflowExecutionDescription found = await handle.DescribeAsync(new() { Rpc = new() { CancellationToken = ct } }).ConfigureAwait(false);
            return new()
            {
                WorkflowId = handle.Id,
                IsOpen = found.Status == WorkflowExecutionStatus.Running,
                State = Word(found, RotationSearchAttributes.State),
                Step = Word(found, RotationSearchAttributes.Step),
                Failure = found.Status is WorkflowExecutionStatus.Running or WorkflowExecutionStatus.Completed ? null : await WhyAsync(handle, found.RunId, ct).ConfigureAwait(false),
            };
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            return new() { WorkflowId = handle.Id, Failure = "The server knows it no more: it was deleted." };
        }
    }

    private static async Task<string> WhyAsync(WorkflowHandle handle, string runId, CancellationToken ct)
    {
        try
        {
            await (handle with { RunId = runId }).GetResultAsync(followRuns: false, rpcOptions: new() { CancellationToken = ct }).ConfigureAwait(false);
            return "";
        }
        catch (WorkflowFailedException e)
        {
            return e.InnerException is ApplicationFailureException { ErrorType: { } type } cause ? $"{type}: {cause.Message}" : e.InnerException?.Message ?? e.Message;
        }
    }

    private static string Word(WorkflowExecution execution, SearchAttributeKey<string> attribute) => execution.TypedSearchAttributes.TryGetValue(attribute, out string? value) ? value ?? "" : "";
}
