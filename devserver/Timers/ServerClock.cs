namespace Rotation.DevServer.Timers;

/// <summary>
/// The server's time: real time plus what was skipped. Everything durable and every event uses it; long polls and the liveness of
/// workers use real time. Under the engine's lock only.
/// </summary>
internal sealed class ServerClock(TimeProvider realTime)
{
    private TimeSpan _skipped;

    public DateTime Now => RealTime.GetUtcNow().UtcDateTime + _skipped;

    public TimeProvider RealTime { get; } = realTime;

    /// <summary>How many hold the clock; at 0 it may be moved on. Starts at 1: a server that nobody unlocks never skips.</summary>
    public int Locks { get; private set; } = 1;

    public void Lock() => Locks++;

    /// <summary>False when nobody held it.</summary>
    public bool Unlock()
    {
        if (Locks == 0)
            return false;
        Locks--;
        return true;
    }

    public void MoveTo(DateTime instant)
    {
        if (instant > Now)
            _skipped += instant - Now;
    }
}
