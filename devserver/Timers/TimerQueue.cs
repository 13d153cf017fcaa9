namespace Rotation.DevServer.Timers;

/// <summary>What falls due when, as data. Removing is cheap; what was removed is swept out when it outweighs the rest. Under the engine's lock only.</summary>
internal sealed class TimerQueue<TKey>
    where TKey : notnull
{
    private const int SweepFrom = 4096;
    private readonly Dictionary<TKey, DateTime> _due = [];
    private PriorityQueue<TKey, DateTime> _order = new();

    public int Count => _due.Count;

    public void Set(TKey key, DateTime due)
    {
        _due[key] = due;
        _order.Enqueue(key, due);
        if (_order.Count > SweepFrom && _order.Count > 2 * _due.Count)
            _order = new PriorityQueue<TKey, DateTime>(_due.Select(d => (d.Key, d.Value)));
    }

    public void Remove(TKey key) => _due.Remove(key);

    /// <summary>When the next one is due; null when there is none.</summary>
    public DateTime? Next
    {
        get
        {
            while (_order.TryPeek(out var key, out var due))
            {
                if (_due.TryGetValue(key, out var valid) && valid == due)
                    return due;
                _order.Dequeue();
            }
            return null;
        }
    }

    /// <summary>Takes the next one that is due at <paramref name="now"/>.</summary>
    public bool TryTake(DateTime now, out TKey key)
    {
        key = default!;
        if (Next is not { } due || due > now)
            return false;
        key = _order.Dequeue();
        _due.Remove(key);
        return true;
    }
}
