using Temporalio.Client;
using Temporalio.Worker;

namespace Rotation.Tests.Support;

/// <summary>A worker that works until it is disposed.</summary>
public sealed class RunningWorker : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _working;

    public RunningWorker(ITemporalClient client, TemporalWorkerOptions options)
    {
        Worker = new(client, options);
        _working = Worker.ExecuteAsync(_stop.Token);
    }

    public TemporalWorker Worker { get; }

    /// <summary>Stops it as an upgrade does, in the middle of whatever it does. Throws what it has ended with before.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            await _working;
        }
        catch (OperationCanceledException)
        {
            // Asked for.
        }

        Worker.Dispose();
        _stop.Dispose();
    }
}
