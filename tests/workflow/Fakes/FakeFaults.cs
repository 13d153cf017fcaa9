using System.Collections.Concurrent;
using Rotation.Workflows;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>What the fake activities do beside their work: fail when told, wait when told, and keep count.</summary>
internal sealed class FakeFaults
{
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly ConcurrentDictionary<string, Func<int, string?>> _failures = new();
    private readonly ConcurrentDictionary<string, (string Type, Func<int, bool> Strikes)> _disturbances = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _blocks = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _reached = new();

    /// <summary>Every call in order, by activity name.</summary>
    public ConcurrentQueue<string> Log { get; } = new();

    /// <summary>Why the cluster does not validate; empty: it does.</summary>
    public IReadOnlyList<string> Findings { get; set; } = [];

    public int CallsOf(string activity) => _calls.GetValueOrDefault(activity);

    /// <summary>Fails the calls for which <paramref name="errorType"/>, given the number of the call from 1 on, says a type; null lets it through.</summary>
    public void Fail(string activity, Func<int, string?> errorType) => _failures[activity] = errorType;

    /// <summary>Fails every call from now on, for good.</summary>
    public void Break(string activity, string errorType) => Fail(activity, _ => errorType);

    /// <summary>Fails the calls that <paramref name="strikes"/> names by number, in a way that passes.</summary>
    public void Disturb(string activity, string errorType, Func<int, bool> strikes) => _disturbances[activity] = (errorType, strikes);

    public void Repair(string activity) => _failures.TryRemove(activity, out _);

    /// <summary>Makes calls wait until the result is disposed of.</summary>
    public IDisposable Block(string activity)
    {
        var block = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _blocks[activity] = block;
        _reached[activity] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Unblock(this, activity, block);
    }

    /// <summary>Completes when a blocked activity was called.</summary>
    public Task ReachedAsync(string activity) => _reached[activity].Task.WaitAsync(TimeSpan.FromSeconds(30));

    public async Task EnterAsync(string activity)
    {
        int call = _calls.AddOrUpdate(activity, 1, (_, n) => n + 1);
        Log.Enqueue(activity);
        if (_blocks.TryGetValue(activity, out TaskCompletionSource? block))
        {
            _reached[activity].TrySetResult();
            await HeartbeatUntilAsync(block.Task);
        }

        if (_disturbances.TryGetValue(activity, out (string Type, Func<int, bool> Strikes) disturbance) && disturbance.Strikes(call))
            throw RotationErrors.Passing(disturbance.Type, $"{activity} was told to fail for a while.");
        if (_failures.TryGetValue(activity, out Func<int, string?>? fail) && fail(call) is { } type)
            throw RotationErrors.Permanent(type, $"{activity} was told to fail.");
    }

    private static async Task HeartbeatUntilAsync(Task end)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!end.IsCompleted)
        {
            ActivityExecutionContext.Current.Heartbeat();
            await timer.WaitForNextTickAsync();
        }
    }

    private sealed class Unblock(FakeFaults faults, string activity, TaskCompletionSource block) : IDisposable
    {
        public void Dispose()
        {
            faults._blocks.TryRemove(activity, out _);
            block.TrySetResult();
        }
    }
}
