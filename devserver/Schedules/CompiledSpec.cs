using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Temporalio.Api.Schedule.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>When an action is due: as the spec says, and with the jitter added.</summary>
internal readonly record struct ActionTime(DateTime Nominal, DateTime Actual);

/// <summary>Computes a spec's times. Pure: the same spec, seed and instant give the same answer. Instants are UTC.</summary>
internal sealed class CompiledSpec
{
    private const int MostExcluded = 10_000;

    private readonly ScheduleSpec _spec;
    private readonly string _seed;
    private readonly ZoneTimes _zone;
    private readonly List<CalendarMatcher> _calendars;
    private readonly List<CalendarMatcher> _excluded;

    /// <param name="canonical">As <see cref="SpecForm"/> gives it.</param>
    /// <param name="seed">Makes the jitter of two schedules differ.</param>
    public CompiledSpec(ScheduleSpec canonical, string seed)
    {
        _spec = canonical;
        _seed = seed;
        _zone = new ZoneTimes(SpecForm.Zone(canonical));
        _calendars = [.. canonical.StructuredCalendar.Select(c => new CalendarMatcher(c))];
        _excluded = [.. canonical.ExcludeStructuredCalendar.Select(c => new CalendarMatcher(c))];
    }

    /// <summary>The first time after an instant; null when there is none.</summary>
    public ActionTime? Next(DateTime after)
    {
        if (_spec.StartTime?.ToDateTime() is { } start && after < start)
            after = start.AddSeconds(-1);
        DateTime nominal;
        var tries = 0;
        do
        {
            // A spec that excludes nearly all of its times would be searched for ever.
            if (++tries > MostExcluded || Raw(after) is not { } raw || (_spec.EndTime is not null && raw > _spec.EndTime.ToDateTime()))
                return null;
            nominal = after = raw;
        }
        while (_excluded.Any(e => e.Matches(_zone.ToLocal(nominal))));
        return new ActionTime(nominal, nominal + Jitter(nominal));
    }

    /// <summary>All times after <paramref name="after"/> up to and with <paramref name="end"/>, in order.</summary>
    public IEnumerable<ActionTime> Between(DateTime after, DateTime end)
    {
        while (Next(after) is { } next && next.Actual <= end)
        {
            yield return next;
            after = next.Actual;
        }
    }

    private DateTime? Raw(DateTime after)
    {
        var times = _calendars.Select(c => _zone.Next(c, after)).Concat(_spec.Interval.Select(i => (DateTime?)Next(i, after)));
        return times.Where(t => t is not null).Min();
    }

    private static DateTime Next(IntervalSpec interval, DateTime after)
    {
        var every = Math.Max(1, interval.Interval.Seconds);
        var phase = interval.Phase?.Seconds ?? 0;
        var now = new DateTimeOffset(after).ToUnixTimeSeconds();
        return DateTime.UnixEpoch.AddSeconds((((now - phase) / every) + 1) * every + phase);
    }

    /// <summary>Never up to the time after it: order is kept.</summary>
    private TimeSpan Jitter(DateTime nominal)
    {
        var most = _spec.Jitter?.ToTimeSpan() ?? TimeSpan.Zero;
        if (most <= TimeSpan.Zero)
            return TimeSpan.Zero;
        if (Raw(nominal) is { } following && following - nominal < most)
            most = following - nominal;
        var hash = BinaryPrimitives.ReadUInt32BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes($"{nominal.Ticks}{_seed}")));
        return TimeSpan.FromMilliseconds(Math.Floor(most.TotalMilliseconds * hash / (uint.MaxValue + 1d)));
    }
}
