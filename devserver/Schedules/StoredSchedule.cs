using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Schedule.V1;
using Policies = Temporalio.Api.Schedule.V1.SchedulePolicies;

namespace Rotation.DevServer.Schedules;

/// <summary>A schedule in memory, with what was last written of it. Under the engine's lock only.</summary>
internal sealed class StoredSchedule
{
    private static readonly TimeSpan DefaultCatchUp = TimeSpan.FromDays(365);
    private static readonly TimeSpan LeastCatchUp = TimeSpan.FromSeconds(10);

    private byte[]? _saved;
    private Schedule? _schedule;
    private CompiledSpec? _spec;

    public StoredSchedule(ScheduleState state, long number) => (State, Number) = (state, number);

    public StoredSchedule(byte[] saved, long number)
        : this(ScheduleJson.Read(saved), number) => _saved = saved;

    public ScheduleState State { get; private set; }

    /// <summary>Names it to the timers of this process.</summary>
    public long Number { get; }

    public bool IsNew => _saved is null;

    /// <summary>Deleted by the transition at hand.</summary>
    public bool Gone { get; set; }

    /// <summary>What it does, when and how. Change it by <see cref="Change"/>.</summary>
    public Schedule Schedule => _schedule ??= Schedule.Parser.ParseFrom(State.Schedule);

    public CompiledSpec Spec => _spec ??= new CompiledSpec(Schedule.Spec, $"{State.Namespace}-{State.Id}");

    public TimeSpan CatchUp => CatchUpOf(Schedule);

    public ScheduleOverlapPolicy Overlap(ScheduleOverlapPolicy asked)
    {
        var policy = asked == ScheduleOverlapPolicy.Unspecified ? Schedule.Policies?.OverlapPolicy ?? asked : asked;
        return policy == ScheduleOverlapPolicy.Unspecified ? ScheduleOverlapPolicy.Skip : policy;
    }

    /// <summary>Changes what it does, and with it the conflict token.</summary>
    public void Change(Action<Schedule> change)
    {
        var changed = Schedule.Clone();
        change(changed);
        Replace(changed);
    }

    public void Replace(Schedule schedule)
    {
        schedule.Spec = SpecForm.Canonical(schedule.Spec);
        schedule.Policies ??= new Policies();
        schedule.State ??= new Temporalio.Api.Schedule.V1.ScheduleState();
        schedule.Policies.OverlapPolicy = schedule.Policies.OverlapPolicy == ScheduleOverlapPolicy.Unspecified ? ScheduleOverlapPolicy.Skip : schedule.Policies.OverlapPolicy;
        schedule.Policies.CatchupWindow = Google.Protobuf.WellKnownTypes.Duration.FromTimeSpan(CatchUpOf(schedule));
        schedule.Action ??= new ScheduleAction();
        State.Schedule = schedule.ToByteArray();
        State.Version++;
        (_schedule, _spec) = (schedule, null);
    }

    /// <summary>The next times an action would be taken, at most <paramref name="most"/>.</summary>
    public List<DateTime> Future(int most)
    {
        if (Schedule.State.LimitedActions)
            most = (int)Math.Min(most, Schedule.State.RemainingActions);
        return [.. Spec.Between(State.DoneUpTo, DateTime.MaxValue).Select(t => t.Actual).Take(most)];
    }

    public Memo? Memo => State.Memo.Length == 0 ? null : Memo.Parser.ParseFrom(State.Memo);

    public SearchAttributes? Attributes => State.SearchAttributes.Length == 0 ? null : SearchAttributes.Parser.ParseFrom(State.SearchAttributes);

    public byte[] Save() => _saved = ScheduleJson.Write(State);

    private static TimeSpan CatchUpOf(Schedule schedule)
    {
        var given = schedule.Policies?.CatchupWindow?.ToTimeSpan() ?? DefaultCatchUp;
        return given < LeastCatchUp ? LeastCatchUp : given;
    }

    /// <summary>Goes back to what was last written.</summary>
    public void Revert()
    {
        Gone = false;
        State = ScheduleJson.Read(_saved);
        (_schedule, _spec) = (null, null);
    }
}
