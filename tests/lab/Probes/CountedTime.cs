using Microsoft.Extensions.Time.Testing;

namespace Rotation.Tests.Lab.Probes;

/// <summary>A clock that stands still but where a test moves it, and tells how many wait for it.</summary>
/// <remarks>Whoever moves it while somebody is about to wait lets that one wait for a time that never comes.</remarks>
internal sealed class CountedTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private int _waiting;

    public int Waiting => Volatile.Read(ref _waiting);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Counted(this, base.CreateTimer(callback, state, dueTime, period));
        Interlocked.Increment(ref _waiting);
        return timer;
    }

    private sealed class Counted(CountedTime time, ITimer timer) : ITimer
    {
        private int _ended;

        public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _ended, 1) == 0)
                Interlocked.Decrement(ref time._waiting);
            timer.Dispose();
        }

        public async ValueTask DisposeAsync()
        {
            Dispose();
            await timer.DisposeAsync();
        }
    }
}
