using System.Diagnostics;
using Shouldly;

namespace Rotation.Tests.Unit.Activities;

/// <summary>Polls with a deadline.</summary>
internal static class Until
{
    public static async Task TrueAsync(Func<bool> condition)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await timer.WaitForNextTickAsync();
        }
    }
}
