namespace Rotation.DevServer.Visibility;

/// <summary>Instants as the tables keep them: 100 ns ticks since 1970, UTC.</summary>
internal static class Ticks
{
    /// <summary>Nanoseconds in a tick: durations in queries and answers are in nanoseconds.</summary>
    public const long Nanoseconds = 100;

    public static long Of(DateTime instant) => instant.ToUniversalTime().Ticks - DateTime.UnixEpoch.Ticks;

    public static DateTime ToInstant(long ticks) => new(ticks + DateTime.UnixEpoch.Ticks, DateTimeKind.Utc);
}
