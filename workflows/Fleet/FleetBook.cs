using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Fleet;

/// <summary>One row a cluster: what was begun, what came of it, and what may begin next. Pure: the time is given.</summary>
internal sealed class FleetBook
{
    private static readonly FleetRowState[] Troubles = [FleetRowState.Held, FleetRowState.RolledBack, FleetRowState.Failed];

    private readonly RotateFleetRequest _fleet;
    private readonly FleetRow[] _rows;

    public FleetBook(RotateFleetRequest fleet)
    {
        _fleet = fleet;
        _rows = fleet.Progress.Count == fleet.Clusters.Count ? [.. fleet.Progress] : [.. fleet.Clusters.Select((c, i) => new FleetRow { Cluster = c.Cluster, Wave = WaveOf(i) })];
        Waves = [.. _rows.Select(r => r.Wave).Distinct().Select(NameOf)];
    }

    public IReadOnlyList<FleetRow> Rows => _rows;

    /// <summary>Names of the waves, in order.</summary>
    public IReadOnlyList<string> Waves { get; }

    /// <summary>Workflow ids of the rotations that may still change.</summary>
    public IReadOnlyList<string> Open => [.. _rows.Where(IsOpen).Select(r => r.Rotation)];

    /// <summary>Why the fleet is not well, in words: the clusters that are not rotated; null when there is none.</summary>
    public string? Trouble
    {
        get
        {
            FleetRow[] bad = [.. _rows.Where(r => Troubles.Contains(r.State))];
            string more = bad.Length > 3 ? $" and {bad.Length - 3} more" : "";
            return bad.Length == 0 ? null : string.Join("; ", bad.Take(3).Select(r => $"{r.Cluster} is {r.State}{(r.Note is null ? "" : $": {r.Note}")}")) + more;
        }
    }

    /// <summary>How many clusters are in each state.</summary>
    public IReadOnlyDictionary<FleetRowState, int> Counts => _rows.GroupBy(r => r.State).OrderBy(g => g.Key).ToDictionary(g => g.Key, g => g.Count());

    /// <summary>True when nothing of a wave is at work or to be begun. What is held does not hold up the wave.</summary>
    public bool IsSettled(int wave) => !_rows.Any(r => r.Wave == wave && r.State is FleetRowState.Pending or FleetRowState.Running);

    /// <summary>The clusters of a wave that may begin now: what is at work leaves so many places.</summary>
    public IReadOnlyList<int> Next(int wave) =>
        [.. Enumerable.Range(0, _rows.Length).Where(i => _rows[i].Wave == wave && _rows[i].State == FleetRowState.Pending).Take(Math.Max(0, _fleet.AtOnce - _rows.Count(r => r.State == FleetRowState.Running)))];

    public void Started(int row, string rotation, DateTimeOffset now) => _rows[row] = _rows[row] with { State = FleetRowState.Running, Rotation = rotation, StartedAt = now };

    public void NotStarted(int row, string why, DateTimeOffset now) => _rows[row] = _rows[row] with { State = FleetRowState.Failed, Note = why, EndedAt = now };

    /// <summary>Takes over where a rotation is.</summary>
    /// <param name="reading">What was read.</param>
    /// <param name="now">When.</param>
    /// <param name="holdLimit">How long it may wait for a person and still count as at work.</param>
    public void Take(RotationReading reading, DateTimeOffset now, TimeSpan holdLimit)
    {
        int i = Array.FindIndex(_rows, r => r.Rotation == reading.WorkflowId);
        if (i < 0 || !IsOpen(_rows[i]))
            return;
        FleetRow row = _rows[i] with { RotationState = reading.State, Step = reading.Step };
        _rows[i] = reading.IsOpen ? AtWork(row, now, holdLimit) : Ended(row, reading, now);
    }

    /// <summary>What was not begun never will be.</summary>
    public void SkipPending(string why) => Change(FleetRowState.Pending, r => r with { State = FleetRowState.Skipped, Note = why });

    /// <summary>What is at work goes on without the fleet.</summary>
    public void AbandonRunning() => Change(FleetRowState.Running, r => r with { State = FleetRowState.Abandoned });

    private static FleetRow AtWork(FleetRow row, DateTimeOffset now, TimeSpan holdLimit)
    {
        bool waits = row.RotationState is nameof(Contracts.RotationState.AwaitingApproval) or nameof(Contracts.RotationState.Paused);
        if (!waits)
            return row with { State = FleetRowState.Running, WaitsSince = null, Note = null };
        DateTimeOffset since = row.WaitsSince ?? now;
        return now - since < holdLimit
            ? row with { WaitsSince = since }
            : row with { State = FleetRowState.Held, WaitsSince = since, Note = $"it waits for a person {(row.Step.Length > 0 ? $"in {row.Step} " : "")}since {since:yyyy-MM-dd HH:mm}Z, see {row.Rotation}" };
    }

    private static FleetRow Ended(FleetRow row, RotationReading reading, DateTimeOffset now) => row with
    {
        State = reading.Failure is not null ? FleetRowState.Failed : reading.State == nameof(Contracts.RotationState.RolledBack) ? FleetRowState.RolledBack : FleetRowState.Completed,
        WaitsSince = null,
        EndedAt = now,
        Note = reading.Failure,
    };

    private static bool IsOpen(FleetRow row) => row.State is FleetRowState.Running or FleetRowState.Held;

    private void Change(FleetRowState from, Func<FleetRow, FleetRow> change)
    {
        for (int i = 0; i < _rows.Length; i++)
            if (_rows[i].State == from)
                _rows[i] = change(_rows[i]);
    }

    private int WaveOf(int index)
    {
        if (index < _fleet.Canary)
            return 0;
        int after = _fleet.WaveSize == 0 ? 0 : (index - _fleet.Canary) / _fleet.WaveSize;
        return after + (_fleet.Canary > 0 ? 1 : 0);
    }

    private string NameOf(int wave) => _fleet.Canary > 0 && wave == 0 ? "canary" : $"wave-{wave + (_fleet.Canary > 0 ? 0 : 1)}";
}
