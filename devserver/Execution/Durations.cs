using Google.Protobuf.WellKnownTypes;

namespace Rotation.DevServer.Execution;

/// <summary>Durations as callers give them: none, zero or more. More than a hundred years means a hundred years, as upstream.</summary>
internal static class Durations
{
    private const long LongestSeconds = 100L * 365 * 24 * 3600;

    public static TimeSpan Of(Duration? given) =>
        given is null ? TimeSpan.Zero : new TimeSpan((Math.Min(given.Seconds, LongestSeconds) * TimeSpan.TicksPerSecond) + (given.Nanos / TimeSpan.NanosecondsPerTick));

    /// <summary>The duration unless it is none or zero.</summary>
    public static Duration? Positive(Duration? given) => Of(given) > TimeSpan.Zero ? given : null;

    /// <summary>The shorter of two, where none and zero mean no limit; null when there is no limit at all.</summary>
    public static Duration? Shorter(Duration? one, Duration? other)
    {
        (one, other) = (Positive(one), Positive(other));
        return one is null || other is null ? one ?? other : Of(one) <= Of(other) ? one : other;
    }

    public static bool IsNegative(Duration? given) => given is not null && (given.Seconds < 0 || given.Nanos < 0);
}
