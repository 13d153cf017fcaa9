using Rotation.DevServer.Execution;
using Temporalio.Api.History.V1;

namespace Rotation.DevServer.Schedules;

/// <summary>All schedules in memory, and those the transition at hand has touched. Under the engine's lock only.</summary>
internal sealed class ScheduleBook : IScheduledRuns
{
    private readonly Dictionary<(string Namespace, string Id), StoredSchedule> _all = [];
    private readonly Dictionary<long, StoredSchedule> _byNumber = [];
    private readonly HashSet<StoredSchedule> _touched = [];
    private long _last;

    public IReadOnlyCollection<StoredSchedule> All => _all.Values;

    public StoredSchedule? Find(string namespaceName, string id) => _all.GetValueOrDefault((namespaceName, id));

    public StoredSchedule? Find(long number) => _byNumber.GetValueOrDefault(number);

    public void Load(IEnumerable<byte[]> saved)
    {
        foreach (var state in saved)
            Keep(new StoredSchedule(state, ++_last));
    }

    public StoredSchedule Add(ScheduleState state)
    {
        var schedule = new StoredSchedule(state, ++_last);
        Keep(schedule);
        _touched.Add(schedule);
        return schedule;
    }

    public void Touch(StoredSchedule schedule) => _touched.Add(schedule);

    /// <summary>Deletes it with the transition at hand. What it started goes on.</summary>
    public void Remove(StoredSchedule schedule)
    {
        schedule.Gone = true;
        _touched.Add(schedule);
    }

    /// <summary>What the transition touched, to be written.</summary>
    public IReadOnlyList<StoredSchedule> TakeTouched()
    {
        if (_touched.Count == 0)
            return [];
        List<StoredSchedule> touched = [.. _touched];
        _touched.Clear();
        foreach (var gone in touched.Where(s => s.Gone))
            Drop(gone);
        return touched;
    }

    /// <summary>The transition did not happen.</summary>
    public void Revert()
    {
        foreach (var schedule in _touched)
        {
            if (schedule.IsNew)
                Drop(schedule);
            else
                schedule.Revert();
        }

        _touched.Clear();
    }

    public void Closed(Run run, Transition t, HistoryEvent closing)
    {
        if (Find(run.State.Namespace, run.State.ScheduleId) is { Gone: false } schedule)
            new ScheduleActions(this, schedule, t).Closed(run, closing);
    }

    private void Keep(StoredSchedule schedule)
    {
        _all[(schedule.State.Namespace, schedule.State.Id)] = schedule;
        _byNumber[schedule.Number] = schedule;
    }

    private void Drop(StoredSchedule schedule)
    {
        _all.Remove((schedule.State.Namespace, schedule.State.Id));
        _byNumber.Remove(schedule.Number);
    }
}
