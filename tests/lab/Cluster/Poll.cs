namespace Rotation.Tests.Lab.Cluster;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Poll
{
    public static Task UntilAsync(Func<bool> condition, TimeSpan patience, string otherwise) => UntilAsync(condition, patience, () => otherwise);

    public static async Task UntilAsync(Func<bool> condition, TimeSpan patience, Func<string> otherwise)
    {
        using var limit = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        try
        {
            while (!condition())
                await timer.WaitForNextTickAsync(limit.Token);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException($"After {patience.TotalSeconds} s: {otherwise()}.", e);
        }
    }
}
