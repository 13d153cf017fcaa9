using System.Text.Json;
using Rotation.Worker.Commands;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Reports;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Exceptions;

namespace Rotation.Worker.Rotations;

/// <summary>Reads rotations through their queries; each answer takes at most five seconds.</summary>
internal sealed class RotationReader(ITemporalClient client)
{
    private static readonly TimeSpan QueryLimit = TimeSpan.FromSeconds(5);

    /// <summary>Where a rotation is. Fails with exit code 5 when no worker answers.</summary>
    public Task<RotationStatus> StatusAsync(string id, CancellationToken cancel) => QueryAsync<RotationStatus>(id, "status", cancel);

    /// <summary>Where a rolling update, or one of its instance groups, is. Fails with exit code 5 when no worker answers.</summary>
    public Task<RollStatus> RollAsync(string id, CancellationToken cancel) => QueryAsync<RollStatus>(id, "status", cancel);

    /// <summary>The clusters of a fleet. Fails with exit code 5 when no worker answers.</summary>
    public Task<FleetStatus> FleetAsync(string id, CancellationToken cancel) => QueryAsync<FleetStatus>(id, "clusters", cancel);

    /// <summary>What a rotation does. Fails with exit code 5 when no worker answers.</summary>
    public Task<AnyPlan> PlanAsync(string id, CancellationToken cancel) => QueryAsync<AnyPlan>(id, "plan", cancel);

    /// <summary>Answer of any workflow's query, or null while no worker answers.</summary>
    public async Task<T?> QueryOrNullAsync<T>(string id, string query, CancellationToken cancel)
        where T : class
    {
        try
        {
            return await QueryAsync<T>(id, query, cancel).ConfigureAwait(false);
        }
        catch (CommandFailure e) when (e.ExitCode == ExitCode.Unreachable)
        {
            return null;
        }
    }

    /// <summary>Everything a rotation did. Fails with exit code 5 when no worker answers.</summary>
    public Task<RotationReport> ReportAsync(string id, CancellationToken cancel) => QueryAsync<RotationReport>(id, "report", cancel);

    /// <summary>Status once a worker has told one that satisfies the condition, or null when the time is over before.</summary>
    public async Task<RotationStatus?> StatusWhenAsync(string id, Func<RotationStatus, bool> condition, TimeSpan limit, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        DateTime end = DateTime.UtcNow + limit;
        do
        {
            RotationStatus? status = await StatusOrNullAsync(id, cancel).ConfigureAwait(false);
            if (status is not null && condition(status))
                return status;
        }
        while (DateTime.UtcNow < end && await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false));
        return null;
    }

    /// <summary>Status, or null while no worker answers.</summary>
    public Task<RotationStatus?> StatusOrNullAsync(string id, CancellationToken cancel) => QueryOrNullAsync<RotationStatus>(id, "status", cancel);

    /// <summary>The rolling update that a rotation waits for now; null: there is none, or no worker answers.</summary>
    public async Task<RollStatus?> RollOrNullAsync(string id, CancellationToken cancel)
    {
        DescribeWorkflowExecutionResponse description = await client.Connection.WorkflowService.DescribeWorkflowExecutionAsync(
            new() { Namespace = client.Options.Namespace, Execution = new() { WorkflowId = id } }, new RpcOptions { CancellationToken = cancel }).ConfigureAwait(false);
        // A run that has ended is described with the children that it left.
        if (description.WorkflowExecutionInfo.Status != WorkflowExecutionStatus.Running || description.PendingChildren.FirstOrDefault(c => c.WorkflowTypeName == nameof(RollCluster)) is not { } roll)
            return null;
        try
        {
            return await QueryAsync<RollStatus>(roll.WorkflowId, "status", cancel).ConfigureAwait(false);
        }
        catch (Exception e) when (e is CommandFailure { ExitCode: ExitCode.Unreachable } or RpcException { Code: RpcException.StatusCode.NotFound })
        {
            return null;
        }
    }

    /// <summary>Whether the rotation has ended, as the server knows it, worker or not.</summary>
    public async Task<bool> HasEndedAsync(string id, CancellationToken cancel)
    {
        WorkflowExecutionDescription description = await client.GetWorkflowHandle(id).DescribeAsync(new() { Rpc = new() { CancellationToken = cancel } }).ConfigureAwait(false);
        return description.Status != WorkflowExecutionStatus.Running;
    }

    private async Task<T> QueryAsync<T>(string id, string query, CancellationToken cancel)
    {
        try
        {
            return await client.GetWorkflowHandle(id).QueryAsync<T>(query, [], new() { Rpc = new() { CancellationToken = cancel, Timeout = QueryLimit, Retry = false } }).ConfigureAwait(false);
        }
        catch (RpcException e) when (!cancel.IsCancellationRequested && IsNobodyThere(e))
        {
            throw CommandFailure.Unreachable(TemporalFailures.NoWorker, e);
        }
        catch (JsonException e)
        {
            // Another kind of workflow, whose answer has other fields.
            throw new CommandFailure(ExitCode.Refused, $"'{id}' is of another kind: see 'rotation roll status' for a rolling update, 'rotation list' for rotations.", e);
        }
    }

    private static bool IsNobodyThere(RpcException e) =>
        e.Code is RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled or RpcException.StatusCode.FailedPrecondition;
}
