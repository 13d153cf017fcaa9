using System.Diagnostics;

namespace Rotation.Tests.Support;

/// <summary>The one place in the tests that waits by the clock: asks again until something holds or the deadline passes.</summary>
public static class Eventually
{
    /// <summary>How long a condition may take on a slow, shared machine before the test fails. Two minutes.</summary>
    public static readonly TimeSpan DefaultDeadline = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Returns as soon as <paramref name="assertion"/> passes; throws its last exception once the deadline is over.</summary>
    public static async Task HoldsAsync(Func<Task> assertion, TimeSpan? deadline = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await assertion();
                return;
            }
            catch (Exception e) when (e is not OperationCanceledException && watch.Elapsed < (deadline ?? DefaultDeadline))
            {
                await PauseAsync(watch);
            }
        }
    }

    /// <inheritdoc cref="HoldsAsync(Func{Task}, TimeSpan?)" />
    public static Task HoldsAsync(Action assertion, TimeSpan? deadline = null) => HoldsAsync(
        () =>
        {
            assertion();
            return Task.CompletedTask;
        },
        deadline);

    /// <summary>The first value of <paramref name="read"/> that satisfies <paramref name="condition"/>; throws <see cref="TimeoutException"/> with the last one seen.</summary>
    /// <param name="read">Reads it.</param>
    /// <param name="condition">What is waited for.</param>
    /// <param name="deadline">Default: <see cref="DefaultDeadline"/>.</param>
    /// <param name="pause">Between two reads, for a moment that must not be missed. Default: 20 ms, and longer the longer it lasts, up to 250 ms.</param>
    public static async Task<T> GetAsync<T>(Func<Task<T>> read, Func<T, bool> condition, TimeSpan? deadline = null, TimeSpan? pause = null)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            var value = await read();
            if (condition(value))
                return value;
            if (watch.Elapsed > (deadline ?? DefaultDeadline))
                throw new TimeoutException($"Still not as wanted after {watch.Elapsed.TotalSeconds:F0} s; last seen: {value}");
            await (pause is { } same ? Task.Delay(same) : PauseAsync(watch));
        }
    }

    // What has lasted long may be noticed a little later: asking all the time takes the processor from what is waited for.
    private static Task PauseAsync(Stopwatch watch) => Task.Delay(TimeSpan.FromTicks(Math.Clamp(watch.Elapsed.Ticks / 8, ShortestPause.Ticks, LongestPause.Ticks)));
}
