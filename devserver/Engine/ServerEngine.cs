using Microsoft.Extensions.Logging;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Schedules;
using Rotation.DevServer.Store;
using Rotation.DevServer.Timers;
using Rotation.DevServer.Visibility.Attributes;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Engine;

/// <summary>
/// The one writer: every change of every run passes <see cref="ActAsync{T}"/>, under one lock, and is answered when it is durable. What a
/// change leads to (tasks, timers) is derived from the runs it touched.
/// </summary>
internal sealed class ServerEngine : IAsyncDisposable
{
    private static readonly TimeSpan DeadWorkerAfter = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SqliteStore _store;
    private readonly RunDirectory _runs;
    private readonly RunWriter _writer;
    private readonly HistoryLimits _limits;
    private readonly TimerQueue<(string RunId, DueKey Key)> _timers = new();
    private readonly Dictionary<long, (TaskCompletionSource Reached, bool ThenLock)> _sleepers = [];
    private long _lastSleeper;

    public ServerEngine(SqliteStore store, SearchAttributeCatalog catalog, ServerClock clock, HistoryLimits limits, ILogger logger)
    {
        _store = store;
        _limits = limits;
        Clock = clock;
        Queues = new TaskQueues(clock.RealTime);
        _runs = new RunDirectory(store, catalog);
        _writer = new RunWriter(store, _runs);
        Recover();
        Loops = new EngineLoops(this, logger);
    }

    public ServerClock Clock { get; }

    /// <summary>Only inside <see cref="ActAsync{T}"/> or <see cref="Look{T}"/>.</summary>
    public TaskQueues Queues { get; }

    /// <summary>Only inside <see cref="ActAsync{T}"/> or <see cref="LookAsync{T}"/>.</summary>
    public ScheduleBook Schedules { get; } = new();

    /// <summary>Work besides calls: timers, workers that are gone, retention.</summary>
    public EngineLoops Loops { get; }

    /// <summary>Namespaces' retention is enforced by the loops through this.</summary>
    public RunDirectory Runs => _runs;

    /// <summary>Does one transition and returns when it is durable. When <paramref name="body"/> throws, nothing has happened.</summary>
    public async Task<T> ActAsync<T>(Func<Transition, T> body)
    {
        T result;
        Task durable;
        lock (_gate)
        {
            result = Act(body);
            durable = _store.Flushed;
        }
        await durable.ConfigureAwait(false);
        return result;
    }

    /// <summary>Reads under the lock; returns when all that was read is durable.</summary>
    public async Task<T> LookAsync<T>(Func<IRunDirectory, T> body)
    {
        T result;
        Task durable;
        lock (_gate)
        {
            result = body(_runs);
            durable = _store.Flushed;
        }
        await durable.ConfigureAwait(false);
        return result;
    }

    /// <summary>Under the lock, without waiting: for what is in memory only.</summary>
    public T Look<T>(Func<T> body)
    {
        lock (_gate)
            return body();
    }

    /// <summary>What monitoring shows of the state now.</summary>
    public IEnumerable<(string Name, string Help, double Value)> Gauges() => Look(() => new List<(string, string, double)>
    {
        ("rotation_server_open_workflows", "Open workflow executions.", _runs.Open.Count),
        ("rotation_server_waiting_tasks", "Tasks that wait for a worker.", Queues.Waiting),
        ("rotation_server_pollers", "Polls that wait for a task.", Queues.Polling),
        ("rotation_server_timers", "Timers and timeouts that are armed.", _timers.Count),
        ("rotation_server_schedules", "Schedules.", Schedules.All.Count),
    });

    /// <summary>Fires what is due and says when the next thing is, in server time; null: nothing is.</summary>
    public DateTime? FireDue()
    {
        lock (_gate)
        {
            while (_timers.TryTake(Clock.Now, out var due))
            {
                Fire(due.RunId, due.Key);
            }
            if (Clock.Locks > 0 || _timers.Next is not { } next || !_runs.Open.All(IsIdle))
                return _timers.Next;
            Clock.MoveTo(next);
            return next;
        }
    }

    /// <summary>Completes when the server's time has come to <paramref name="instant"/>.</summary>
    public Task ReachAsync(DateTime instant, bool thenLock = false)
    {
        lock (_gate)
        {
            var sleeper = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _sleepers[++_lastSleeper] = (sleeper, thenLock);
            _timers.Set(("", new DueKey(DueKind.Sleeper, _lastSleeper, 0)), instant);
            Loops.Wake();
            return sleeper.Task;
        }
    }

    /// <summary>Gives tasks of workers that are gone to any worker of the queue.</summary>
    public void RescueSticky()
    {
        lock (_gate)
        {
            foreach (var task in Queues.TakeFromDead(DeadWorkerAfter))
                Rescue(task);
        }
    }

    public async ValueTask DisposeAsync() => await Loops.DisposeAsync().ConfigureAwait(false);

    /// <summary>Puts a direct query into its queue. Inside <see cref="Look{T}"/>.</summary>
    public void Enqueue(Run run, PendingQuery query, bool sticky) =>
        Queues.Add(new(run.State.Namespace, query.Queue, TaskQueueType.Workflow), new QueuedTask(run.Id, 0, 0, sticky, query.Id));

    /// <summary>Whether the worker that has the run in its cache still asks for tasks.</summary>
    public bool IsStickyAlive(RunState s) =>
        s.StickyQueue is not null && Queues.IsServed(new(s.Namespace, s.StickyQueue, TaskQueueType.Workflow), DeadWorkerAfter);

    private static bool IsIdle(Run run) => run.State.Task is null && !run.Queries.All.Any()
        && run.State.Activities.Values.All(a => a.Phase == ActivityPhase.BackingOff);

    private void Act(Action<Transition> body) => Act(t =>
    {
        body(t);
        return true;
    });

    private T Act<T>(Func<Transition, T> body)
    {
        var t = new Transition(_runs, Schedules, Clock.Now);
        try
        {
            var result = body(t);
            t.Finish();
            _limits.Enforce(t);
            t.Finish();
            Save(t);
            t.Written();
            return result;
        }
        catch
        {
            _runs.Revert(t.Touched);
            Schedules.Revert();
            throw;
        }
    }

    private void Save(Transition t)
    {
        var schedules = Schedules.TakeTouched();
        if (t.Touched.Count == 0 && schedules.Count == 0)
            return;
        foreach (var run in t.Touched.Where(r => r.State.Task is { StartedId: 0, Sticky: true } && !IsStickyAlive(r.State)).ToList())
            WorkflowTasks.Unstick(run, t);
        _writer.Save(t.Touched, schedules);
        foreach (var run in t.Touched)
        {
            Arm(run);
            Dispatch(run);
            run.Pulse();
        }
        foreach (var schedule in schedules)
            Arm(schedule);
        Loops?.Wake();
    }

    private void Recover()
    {
        Schedules.Load(_store.ReadNow(ScheduleTable.All));
        foreach (var schedule in Schedules.All)
            Arm(schedule);
        foreach (var run in _runs.LoadOpen())
        {
            if (run.State.Task is { Speculative: true })
                Act(t => Forget(run, t));
            Arm(run);
            Dispatch(run);
        }
    }

    /// <summary>A task made for an update that nobody can answer any more: its caller asks again.</summary>
    private static void Forget(Run run, Transition t)
    {
        t.Touch(run);
        run.State.Task = null;
        if (Happened.Flush(run, t))
            WorkflowTasks.Need(run, t);
    }

    private void Fire(string runId, DueKey key)
    {
        if (key.Kind == DueKind.Sleeper && _sleepers.Remove(key.Id, out var sleeper))
        {
            // Here and not where the caller wakes up: until then the clock would be moved on to whatever is due next.
            if (sleeper.ThenLock)
                Clock.Lock();
            sleeper.Reached.TrySetResult();
        }

        if (key.Kind == DueKind.Schedule && Schedules.Find(key.Id) is { } schedule)
            Act(t => new ScheduleActions(Schedules, schedule, t).Due());
        if (_runs.Find(runId) is not { } run)
            return;
        run.Armed.Remove(key);
        Act(t => Agenda.Fire(run, t, key));
        Arm(run);
    }

    private void Arm(StoredSchedule schedule)
    {
        var key = ("", new DueKey(DueKind.Schedule, schedule.Number, 0));
        if (!schedule.Gone && schedule.Spec.Next(schedule.State.DoneUpTo) is { } next)
            _timers.Set(key, next.Actual);
        else
            _timers.Remove(key);
    }

    private void Arm(Run run)
    {
        var wanted = Agenda.Dues(run).ToDictionary(d => d.Key, d => d.At);
        foreach (var gone in run.Armed.Keys.Where(k => !wanted.ContainsKey(k)))
            _timers.Remove((run.Id, gone));
        foreach (var (key, at) in wanted)
        {
            if (run.Armed.TryGetValue(key, out var armed) && armed <= at)
                wanted[key] = armed;
            else
                _timers.Set((run.Id, key), at);
        }
        run.Armed = wanted;
    }

    private void Dispatch(Run run)
    {
        var works = Agenda.Works(run).ToList();
        foreach (var work in works.Where(w => !run.Dispatched.Contains(w.Stamp)))
        {
            var type = work.ActivityId == 0 ? TaskQueueType.Workflow : TaskQueueType.Activity;
            Queues.Add(new(run.State.Namespace, work.Queue, type), new QueuedTask(run.Id, work.ActivityId, work.Stamp, work.Sticky));
        }
        run.Dispatched = works.Select(w => w.Stamp).ToHashSet();
    }

    private void Rescue(QueuedTask task)
    {
        if (_runs.Find(task.RunId) is not { } run)
            return;
        if (task.QueryId.Length == 0)
        {
            Act(t => WorkflowTasks.Unstick(run, t));
        }
        else if (run.Queries.Find(task.QueryId) is { } query)
        {
            query.Queue = run.State.TaskQueue;
            Enqueue(run, query, sticky: false);
        }
    }
}
