using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Worker.Interceptors;

namespace Rotation.Worker.Observability;

/// <summary>A span, metrics and a logging scope (cluster, rotation, workflow, activity, attempt) for each attempt of an activity.</summary>
internal sealed partial class ActivityTelemetry(ActivityInboundInterceptor next, ILogger logger) : ActivityInboundInterceptor(next)
{
    private static readonly TimeProvider Time = TimeProvider.System;

    public override async Task<object?> ExecuteActivityAsync(ExecuteActivityInput input)
    {
        ActivityInfo info = ActivityExecutionContext.Current.Info;
        ClusterRef? cluster = ClusterOf(input.Args);
        using Activity? span = Begin(info, cluster, TraceHeader.Read(input.Headers));
        using IDisposable? scope = logger.BeginScope(Scope(info, cluster));
        long began = Time.GetTimestamp();
        string outcome = "failed";
        if (info.Attempt > 1)
            Instruments.Count(MetricTable.Retries, info.ActivityType);
        try
        {
            object? result = await base.ExecuteActivityAsync(input).ConfigureAwait(false);
            outcome = "ok";
            Learn(info, cluster, result);
            return result;
        }
        catch (Exception e) when (TemporalException.IsCanceledException(e))
        {
            outcome = "cancelled";
            throw;
        }
        catch (Exception e)
        {
            string error = e is ApplicationFailureException { ErrorType: { } type } ? type : e.GetType().Name;
            Instruments.Count(MetricTable.Failures, info.ActivityType, error);
            span?.SetStatus(ActivityStatusCode.Error, error);
            LogFailed(info.ActivityType, info.Attempt, error);
            throw;
        }
        finally
        {
            Instruments.Took(MetricTable.ActivitySeconds, Time.GetElapsedTime(began).TotalSeconds, info.ActivityType, outcome);
            if (info.ActivityType == "DrainNode")
                Instruments.Count(MetricTable.Drains, cluster?.Name ?? "", outcome);
            LogEnded(info.ActivityType, outcome, Time.GetElapsedTime(began).TotalSeconds);
        }
    }

    private static Activity? Begin(ActivityInfo info, ClusterRef? cluster, ActivityContext? trace)
    {
        Activity? span = TraceHeader.Spans.StartActivity($"activity {info.ActivityType}", ActivityKind.Server, trace ?? default);
        return span?.SetTag("rotation.cluster", cluster?.Name).SetTag("rotation.id", cluster?.Rotation).SetTag("temporal.workflow_id", info.WorkflowId).SetTag("temporal.attempt", info.Attempt);
    }

    private static Dictionary<string, object> Scope(ActivityInfo info, ClusterRef? cluster) => new(StringComparer.Ordinal)
    {
        ["Cluster"] = cluster?.Name ?? "",
        ["Rotation"] = cluster?.Rotation ?? "",
        ["WorkflowId"] = info.WorkflowId ?? "",
        ["Activity"] = info.ActivityType,
        ["Attempt"] = info.Attempt,
    };

    private static void Learn(ActivityInfo info, ClusterRef? cluster, object? result)
    {
        if (info.ActivityType == "TerminateInstance")
            Instruments.Count(MetricTable.NodesReplaced, cluster?.Name ?? "");
        if (result is not KeysetList list || cluster is null)
            return;
        foreach (KeysetState keyset in list.Keysets)
            if (keyset.Keypairs.FirstOrDefault(k => k.Id == keyset.PrimaryId) is { } primary && primary.NotAfter > DateTimeOffset.UnixEpoch)
                Instruments.Set(MetricTable.ExpiryDays, (primary.NotAfter - Time.GetUtcNow()).TotalDays, cluster.Name, keyset.Name);
    }

    // Every input of ours is a ClusterRef or has one.
    private static ClusterRef? ClusterOf(object?[] args) => args switch
    {
        [ClusterRef cluster, ..] => cluster,
        [{ } input, ..] => input.GetType().GetProperty("Cluster")?.GetValue(input) as ClusterRef,
        _ => null,
    };

    [LoggerMessage(3001, LogLevel.Warning, "{Activity}, attempt {Attempt}, failed: {Error}")]
    private partial void LogFailed(string activity, int attempt, string error);

    [LoggerMessage(3002, LogLevel.Debug, "{Activity} {Outcome} after {Seconds:0.00} s")]
    private partial void LogEnded(string activity, string outcome, double seconds);
}
