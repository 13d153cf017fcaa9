using Microsoft.Extensions.Logging;
using Rotation.DevServer.Store;

namespace Rotation.DevServer.Engine;

/// <summary>What the server does by itself: fires timers, and rescues the tasks of workers that are gone.</summary>
internal sealed partial class EngineLoops : IAsyncDisposable
{
    private static readonly TimeSpan RescueEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestSleep = TimeSpan.FromMinutes(1);

    private readonly ServerEngine _engine;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0);
    private Task[] _loops = [];

    public EngineLoops(ServerEngine engine, ILogger logger)
    {
        _engine = engine;
        _logger = logger;
    }

    /// <summary>Starts them.</summary>
    /// <param name="retention">What deletes old runs; null: nothing does.</param>
    /// <param name="sweep">How often.</param>
    public void Start(Retention? retention, TimeSpan sweep) =>
        _loops = [Task.Run(FireAsync), Task.Run(RescueAsync), retention is null ? Task.CompletedTask : Task.Run(() => PurgeAsync(retention, sweep))];

    /// <summary>Something may be due earlier than known.</summary>
    public void Wake()
    {
        if (_wake.CurrentCount == 0)
            _wake.Release();
    }

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
            return;
        await _stop.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_loops).ConfigureAwait(false);
        _wake.Dispose();
        _stop.Dispose();
    }

    private async Task FireAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var next = _engine.FireDue();
                var sleep = next is { } due ? due - _engine.Clock.Now : LongestSleep;
                if (sleep > TimeSpan.Zero)
                    await _wake.WaitAsync(sleep < LongestSleep ? sleep : LongestSleep, _stop.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is not StoreException)
            {
                TimerFailed(e);
            }
        }
    }

    private async Task RescueAsync()
    {
        using var timer = new PeriodicTimer(RescueEvery, _engine.Clock.RealTime);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                _engine.RescueSticky();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    private async Task PurgeAsync(Retention retention, TimeSpan sweep)
    {
        using var timer = new PeriodicTimer(sweep, _engine.Clock.RealTime);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token).ConfigureAwait(false))
                if (await retention.PurgeAsync(_stop.Token).ConfigureAwait(false) is > 0 and var purged)
                    Purged(purged);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The server stops.
        }
    }

    [LoggerMessage(EventId = 4102, Level = LogLevel.Information, Message = "Deleted {Count} executions that closed longer ago than the retention.")]
    private partial void Purged(int count);

    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "Something that fell due could not be done.")]
    private partial void TimerFailed(Exception exception);
}
