namespace Rotation.Lab.Simulation;

/// <summary>Time that passes only when nothing else is left to do. What waits is woken in order of its time, then of its call, on one thread: the same calls give the same run.</summary>
public sealed class VirtualTime
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _due = new();
    private long _order;

    /// <summary>Since the start.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Does something later.</summary>
    public void After(TimeSpan delay, Action action) => _due.Enqueue(action, (Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), _order++));

    /// <summary>Ends when the time has passed.</summary>
    public Task DelayAsync(TimeSpan delay)
    {
        // Continuations run inside SetResult, so that nothing ever leaves the thread.
        var end = new TaskCompletionSource();
        After(delay, end.SetResult);
        return end.Task;
    }

    /// <summary>Lets time pass until the work has ended; throws what it threw. Throws <see cref="InvalidOperationException"/> when it waits for something that cannot come.</summary>
    public void Run(Func<Task> work)
    {
        Task running = work();
        while (!running.IsCompleted)
        {
            if (!_due.TryDequeue(out Action? next, out (TimeSpan At, long Order) when))
                throw new InvalidOperationException("The simulation waits for something that never happens.");
            Now = when.At;
            next();
        }

        running.GetAwaiter().GetResult();
    }
}
