using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Workflows.Activities;

/// <summary>Reads maintenance windows with the time zone rules of the worker's host, which may change while a rotation runs: a workflow must not read them itself.</summary>
public interface IWindowActivities
{
    /// <summary>The times at which a window is open. Reads only the host's time zone data. Fails with <c>InvalidRequest</c> when the zone is not known, not retried.</summary>
    [Activity]
    Task<OpenTimes> ReadOpenTimesAsync(OpenTimesInput input);
}

/// <summary>Which times to read.</summary>
public sealed record OpenTimesInput
{
    /// <summary>The window.</summary>
    public MaintenanceWindow Window { get; init; } = new();

    /// <summary>From when on.</summary>
    public DateTimeOffset From { get; init; }

    /// <summary>For how many days, 1 to 400. Default 31.</summary>
    public int Days { get; init; } = 31;
}

/// <summary>The times at which a window is open.</summary>
public sealed record OpenTimes
{
    /// <summary>Up to when they were read.</summary>
    public DateTimeOffset KnownUntil { get; init; }

    /// <summary>The times, in order; none touches the next.</summary>
    public IReadOnlyList<OpenTime> Open { get; init; } = [];
}

/// <summary>One time during which a window is open.</summary>
/// <param name="From">When it opens.</param>
/// <param name="Until">When it closes.</param>
public sealed record OpenTime(DateTimeOffset From, DateTimeOffset Until);
