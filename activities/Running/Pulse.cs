using Temporalio.Activities;

namespace Rotation.Activities.Running;

/// <summary>Heartbeats in the background, so that cancellation reaches the activity and the server sees it alive. Outside an activity it does nothing.</summary>
internal sealed class Pulse : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _beating;
    private volatile string _details;

    private Pulse(ActivityExecutionContext? context, string details, TimeSpan every)
    {
        _details = details;
        _beating = context is null ? Task.CompletedTask : Task.Run(() => BeatAsync(context, every));
    }

    /// <summary>Begins to heartbeat.</summary>
    /// <param name="details">What is being done, in words: no secret.</param>
    /// <param name="every">Time between heartbeats, and before the first.</param>
    public static Pulse Start(string details, TimeSpan every) => new(ActivityExecutionContext.HasCurrent ? ActivityExecutionContext.Current : null, details, every);

    /// <summary>Says what is being done now: no secret.</summary>
    public void Tell(string details) => _details = details;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _beating.ConfigureAwait(false);
        _stop.Dispose();
    }

    private async Task BeatAsync(ActivityExecutionContext context, TimeSpan every)
    {
        using var timer = new PeriodicTimer(every);
        try
        {
            // Not at once: most work is done before the first is due, and one that is under way when the activity ends is lost, of which the SDK warns.
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                context.Heartbeat(_details);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The work is done.
        }
    }
}
