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
    private static readonly TimeSpan DefaultInitial = TimeSpan.FromSeconds(1);

    /// <summary>The policy an activity gets for what its caller left out.</summary>
    public static RetryPolicy Filled(RetryPolicy? given)
    {
        var policy = given?.Clone() ?? new RetryPolicy();
        if (policy.InitialInterval is null || policy.InitialInterval.ToTimeSpan() == TimeSpan.Zero)
            policy.InitialInterval = Duration.FromTimeSpan(DefaultInitial);
        if (policy.BackoffCoefficient == 0)
            policy.BackoffCoefficient = DefaultCoefficient;
        if (policy.MaximumInterval is null || policy.MaximumInterval.ToTimeSpan() == TimeSpan.Zero)
            policy.MaximumInterval = Duration.FromTimeSpan(policy.InitialInterval.ToTimeSpan() * MaximumOverInitial);
        return policy;
    }

    /// <summary>The wait before the next attempt when the state is <see cref="RetryState.InProgress"/>; otherwise why there is none.</summary>
    public static (RetryState State, TimeSpan Wait) Decide(RetryPolicy? policy, int attempt, Failure failure, DateTime now, DateTime? deadline)
    {
        if (policy is null)
            return (RetryState.RetryPolicyNotSet, default);
        if (IsScheduleTimeout(failure))
            return (RetryState.Timeout, default);
        if (IsFinal(failure, policy))
            return (RetryState.NonRetryableFailure, default);
        if (policy.MaximumAttempts > 0 && attempt >= policy.MaximumAttempts)
            return (RetryState.MaximumAttemptsReached, default);
        var wait = failure.ApplicationFailureInfo?.NextRetryDelay?.ToTimeSpan() ?? Backoff(policy, attempt);
        return deadline is { } end && now + wait > end ? (RetryState.Timeout, default) : (RetryState.InProgress, wait);
    }

    private static TimeSpan Backoff(RetryPolicy policy, int attempt)
    {
        var seconds = policy.InitialInterval.ToTimeSpan().TotalSeconds * Math.Pow(policy.BackoffCoefficient, Math.Min(attempt - 1, 1000));
        var most = policy.MaximumInterval?.ToTimeSpan() is { Ticks: > 0 } maximum ? maximum.TotalSeconds : policy.InitialInterval.ToTimeSpan().TotalSeconds * MaximumOverInitial;
        return TimeSpan.FromSeconds(Math.Min(seconds, most));
    }

    private static bool IsScheduleTimeout(Failure failure) =>
        failure.TimeoutFailureInfo?.TimeoutType is TimeoutType.ScheduleToStart or TimeoutType.ScheduleToClose;

    private static bool IsFinal(Failure failure, RetryPolicy policy)
    {
        if (failure.TerminatedFailureInfo is not null || failure.CanceledFailureInfo is not null)
            return true;
        if (failure.ServerFailureInfo is { } server)
            return server.NonRetryable;
        if (failure.TimeoutFailureInfo is { } timeout)
            return policy.NonRetryableErrorTypes.Contains("TemporalTimeout:" + timeout.TimeoutType);
        if (failure.ApplicationFailureInfo is not { } application)
            return false;
        return application.NonRetryable || policy.NonRetryableErrorTypes.Contains(application.Type);
    }
}
