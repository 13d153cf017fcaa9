using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Engine;

/// <summary>A task queue of one kind.</summary>
internal readonly record struct QueueKey(string Namespace, string Name, TaskQueueType Type);

/// <summary>A reference to work: checked against the run when it is handed out, so a stale one is harmless. Activity 0 is a workflow task, or the direct query of that id.</summary>
internal sealed record QueuedTask(string RunId, long ActivityId, long Stamp, bool Sticky, string QueryId = "");

/// <summary>A poll that waits.</summary>
internal sealed class Poller(string identity, string worker)
{
    public string Identity { get; } = identity;

    /// <summary>Key of the worker instance, to end its polls when it stops.</summary>
    public string Worker { get; } = worker;

    /// <summary>Completes when there may be something: true; or the worker stops: false.</summary>
    public TaskCompletionSource<bool> Woken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

/// <summary>Waiting tasks and waiting polls, first come first served. Under the engine's lock only.</summary>
internal sealed class TaskQueues(TimeProvider realTime)
{
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);
    private readonly Dictionary<QueueKey, State> _queues = [];
    private readonly HashSet<string> _stopped = new(StringComparer.Ordinal);

    public void Add(QueueKey key, QueuedTask task)
    {
        var queue = Of(key);
        queue.Tasks.Enqueue(task);
        Wake(queue);
    }

    public QueuedTask? Take(QueueKey key) => _queues.TryGetValue(key, out var queue) && queue.Tasks.TryDequeue(out var task) ? task : null;

    /// <summary>Null when that worker has stopped: its poll ends at once.</summary>
    public Poller? Wait(QueueKey key, string identity, string worker)
    {
        Seen(key, identity);
        if (worker.Length > 0 && _stopped.Contains(worker))
            return null;
        var poller = new Poller(identity, worker);
        Of(key).Pollers.AddLast(poller);
        return poller;
    }

    /// <summary>A poll gives up. One that was just woken passes that on, so that no task waits for nobody.</summary>
    public void Leave(QueueKey key, Poller poller)
    {
        var queue = Of(key);
        queue.LastPoll = realTime.GetUtcNow();
        if (!queue.Pollers.Remove(poller) && queue.Tasks.Count > 0)
            Wake(queue);
    }

    public void Seen(QueueKey key, string identity)
    {
        var queue = Of(key);
        queue.LastPoll = realTime.GetUtcNow();
        queue.Seen[identity] = queue.LastPoll;
    }

    public IEnumerable<(string Identity, DateTimeOffset At)> Seen(QueueKey key) =>
        _queues.TryGetValue(key, out var queue) ? queue.Seen.Where(p => p.Value > realTime.GetUtcNow() - Remembered).Select(p => (p.Key, p.Value)) : [];

    /// <summary>Tasks in all queues.</summary>
    public int Waiting => _queues.Values.Sum(q => q.Tasks.Count);

    /// <summary>Polls at all queues.</summary>
    public int Polling => _queues.Values.Sum(q => q.Pollers.Count);

    public int Backlog(QueueKey key) => _queues.TryGetValue(key, out var queue) ? queue.Tasks.Count : 0;

    /// <summary>Ends the polls of a worker that stops; later ones end at once.</summary>
    public void StopWorker(string worker)
    {
        if (!_stopped.Add(worker))
            return;
        foreach (var queue in _queues.Values)
        {
            foreach (var poller in queue.Pollers.Where(p => p.Worker == worker).ToList())
            {
                queue.Pollers.Remove(poller);
                poller.Woken.TrySetResult(false);
            }
        }
    }

    /// <summary>Takes the tasks out of queues that nobody has polled for <paramref name="silence"/>, of the kind that only one worker serves.</summary>
    public List<QueuedTask> TakeFromDead(TimeSpan silence)
    {
        var found = new List<QueuedTask>();
        foreach (var queue in _queues.Values.Where(q => q.Pollers.Count == 0 && q.Tasks.Count > 0 && realTime.GetUtcNow() - q.LastPoll > silence))
        {
            var tasks = queue.Tasks.ToList();
            queue.Tasks.Clear();
            foreach (var task in tasks)
            {
                if (task.Sticky)
                    found.Add(task);
                else
                    queue.Tasks.Enqueue(task);
            }
        }
        return found;
    }

    /// <summary>False when nobody serves a worker's own queue any more.</summary>
    public bool IsServed(QueueKey key, TimeSpan silence) =>
        _queues.TryGetValue(key, out var queue) && (queue.Pollers.Count > 0 || realTime.GetUtcNow() - queue.LastPoll <= silence);

    private static void Wake(State queue)
    {
        if (queue.Pollers.First is not { } first)
            return;
        queue.Pollers.RemoveFirst();
        first.Value.Woken.TrySetResult(true);
    }

    private State Of(QueueKey key)
    {
        if (!_queues.TryGetValue(key, out var queue))
            _queues[key] = queue = new State();
        return queue;
    }

    private sealed class State
    {
        public Queue<QueuedTask> Tasks { get; } = new();
        public LinkedList<Poller> Pollers { get; } = new();
        public Dictionary<string, DateTimeOffset> Seen { get; } = new(StringComparer.Ordinal);
        public DateTimeOffset LastPoll { get; set; }
    }
}
