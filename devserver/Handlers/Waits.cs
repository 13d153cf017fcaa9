using Rotation.DevServer.Transport;

namespace Rotation.DevServer.Handlers;

/// <summary>How long a call may wait for something to happen, in real time.</summary>
internal static class Waits
{
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    /// <summary>Ends after <paramref name="longest"/>, shortly before the caller's deadline, or when the caller goes away.</summary>
    public static CancellationTokenSource For(CallContext context, TimeSpan longest, TimeProvider realTime)
    {
        var left = context.Deadline == DateTime.MaxValue ? longest : context.Deadline.ToUniversalTime() - realTime.GetUtcNow().UtcDateTime - Margin;
        var source = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation);
        source.CancelAfter(left < TimeSpan.Zero ? TimeSpan.Zero : left < longest ? left : longest);
        return source;
    }

    /// <summary>False when the time is up first. Throws when the caller is gone.</summary>
    public static async Task<bool> ChangedAsync(Task changed, CallContext context, CancellationToken until)
    {
        try
        {
            await changed.WaitAsync(until).ConfigureAwait(false);
            return true;
        }
        catch (OperationCanceledException) when (!context.Cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
