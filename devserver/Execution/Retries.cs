using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Whether a failed attempt, of an activity or a workflow, is tried again, and after how long.</summary>
internal static class Retries
{
    private const double DefaultCoefficient = 2;
    private const int MaximumOverInitial = 100;
    private const double LongestSeconds = 3e9;
    private const string TimeoutPrefix = "TemporalTimeout:";
    private static readonly TimeSpan DefaultInitial = TimeSpan.FromSeconds(1);

    /// <summary>The policy an activity gets for what its caller left out.</summary>
    public static RetryPolicy Filled(RetryPolicy? given)
    {
        var policy = given?.Clone() ?? new RetryPolicy();
        if (Durations.Positive(policy.InitialInterval) is null)
            policy.InitialInterval = Duration.FromTimeSpan(DefaultInitial);
        if (policy.BackoffCoefficient == 0)
            policy.BackoffCoefficient = DefaultCoefficient;
        if (Durations.Positive(policy.MaximumInterval) is null)
            policy.MaximumInterval = Duration.FromTimeSpan(Durations.Of(policy.InitialInterval) * MaximumOverInitial);
        return policy;
    }

    /// <summary>Refuses a command whose policy makes no sense.</summary>
    public static void Check(RetryPolicy? policy, WorkflowTaskFailedCause cause)
    {
        if (Fault(policy) is { } fault)
            throw new BadCommand(cause, fault);
    }

    /// <summary>What is wrong with a policy; null when nothing is. A policy of one attempt is not looked at further, as upstream.</summary>
    public static string? Fault(RetryPolicy? given)
    {
        if (given is null || given.MaximumAttempts == 1)
            return null;
        if (Durations.IsNegative(given.InitialInterval) || Durations.IsNegative(given.MaximumInterval))
            return $"invalid {(Durations.IsNegative(given.InitialInterval) ? "InitialInterval" : "MaximumInterval")} set on retry policy: negative duration";
        var policy = Filled(given);
        if (policy.BackoffCoefficient < 1)
            return "BackoffCoefficient cannot be less than 1 on retry policy.";
        if (Durations.Of(policy.MaximumInterval) < Durations.Of(policy.InitialInterval))
            return "MaximumInterval cannot be less than InitialInterval on retry policy.";
        if (policy.MaximumAttempts < 0)
            return "MaximumAttempts cannot be negative on retry policy.";
        var unknown = policy.NonRetryableErrorTypes.Where(t => t.StartsWith(TimeoutPrefix, StringComparison.Ordinal)).Select(t => t[TimeoutPrefix.Length..])
            .FirstOrDefault(t => !System.Enum.TryParse<TimeoutType>(t, out var type) || type == TimeoutType.Unspecified);
        return unknown is null ? null : $"Invalid timeout type value: {unknown}.";
    }

    /// <summary>The wait before the next attempt when the state is <see cref="RetryState.InProgress"/>; otherwise why there is none.</summary>
    public static (RetryState State, TimeSpan Wait) Decide(RetryPolicy? policy, int attempt, Failure failure, DateTime now, DateTime? deadline)
    {
        if (policy is null)
            return (RetryState.RetryPolicyNotSet, default);
        if (IsFinal(failure, policy))
            return (RetryState.NonRetryableFailure, default);
        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
            return (RetryState.MaximumAttemptsReached, default);
        var wait = failure.ApplicationFailureInfo?.NextRetryDelay?.ToTimeSpan() ?? Backoff(policy, attempt);
        return deadline is { } end && now + wait > end ? (RetryState.Timeout, default) : (RetryState.InProgress, wait);
    }

    /// <summary>The wait after an attempt by the policy's growth alone, without its bound.</summary>
    public static TimeSpan Interval(RetryPolicy policy, int attempt) => TimeSpan.FromSeconds(Math.Min(Seconds(policy, attempt), LongestSeconds));

    private static double Seconds(RetryPolicy policy, int attempt) => policy.InitialInterval.ToTimeSpan().TotalSeconds * Math.Pow(policy.BackoffCoefficient, Math.Min(attempt - 1, 1000));

    private static TimeSpan Backoff(RetryPolicy policy, int attempt)
    {
        var seconds = Seconds(policy, attempt);
        var most = policy.MaximumInterval?.ToTimeSpan() is { Ticks: > 0 } maximum ? maximum.TotalSeconds : policy.InitialInterval.ToTimeSpan().TotalSeconds * MaximumOverInitial;
        return TimeSpan.FromSeconds(Math.Min(seconds, most));
    }

    private static bool IsFinal(Failure failure, RetryPolicy policy)
    {
        if (failure.TerminatedFailureInfo is not null || failure.CanceledFailureInfo is not null)
            return true;
        if (failure.ServerFailureInfo is { } server)
            return server.NonRetryable;
        if (failure.TimeoutFailureInfo is { } timeout)
            return timeout.TimeoutType is not (TimeoutType.StartToClose or TimeoutType.Heartbeat) || policy.NonRetryableErrorTypes.Contains(TimeoutPrefix + timeout.TimeoutType);
        if (failure.ApplicationFailureInfo is not { } application)
            return false;
        return application.NonRetryable || policy.NonRetryableErrorTypes.Contains(application.Type);
    }
}
