namespace Rotation.Worker.Commands;

/// <summary>Waiting for the end.</summary>
internal static class Until
{
    /// <summary>Completes, without an exception, when the token is cancelled.</summary>
    public static Task CancelledAsync(CancellationToken cancel)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cancel.Register(cancelled.SetResult);
        return cancelled.Task;
    }
}
