using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using k8s;
using k8s.Autorest;
using k8s.Models;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;

namespace Rotation.Activities.Nodes;

/// <summary>
/// Wakes those who wait for nodes when one joins, leaves, gets ready or stops being so: one watch a cluster, however many wait, and none while nobody does. It only wakes: what is
/// true is read by whoever was woken, so that a watch that breaks or lags costs time and nothing else.
/// </summary>
internal sealed class NodeWatch(KubernetesClients clients)
{
    // Short, so that a credential that a step changed is taken up.
    private const int WatchSeconds = 60;
    private readonly ConcurrentDictionary<(string, string?), Feed> _feeds = new();

    /// <summary>Begins to wait for changes; disposing of the result ends it.</summary>
    public Subscription Subscribe(ClusterRef cluster)
    {
        Feed feed = _feeds.GetOrAdd((cluster.Name, cluster.StateStore), _ => new Feed());
        return new(feed, feed.Enter(stop => WatchAsync(cluster, feed, stop)));
    }

    private async Task WatchAsync(ClusterRef cluster, Feed feed, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                IKubernetes api = await clients.ConnectAsync(cluster, stop).ConfigureAwait(false);
                await foreach ((WatchEventType type, V1Node node) in EventsAsync(api, stop).ConfigureAwait(false))
                    feed.Take(type, node);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (e is HttpOperationException or HttpRequestException or IOException or KubernetesException or OperationCanceledException or ApplicationFailureException)
            {
                // Whoever waits looks for itself after a while, and then says what is wrong.
                await Task.Delay(TimeSpan.FromSeconds(1), CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private static async IAsyncEnumerable<(WatchEventType, V1Node)> EventsAsync(IKubernetes api, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach ((WatchEventType type, V1Node node) in api.CoreV1.WatchListNodeAsync(timeoutSeconds: WatchSeconds, cancellationToken: stop).ConfigureAwait(false))
            yield return (type, node);
    }

    /// <summary>Somebody who waits for changes.</summary>
    internal sealed class Subscription(Feed feed, Task watching) : IAsyncDisposable
    {
        private Task _next = feed.Next;

        /// <summary>Waits for a change since the last call, at least and at most so long.</summary>
        public async Task NextAsync(TimeSpan least, TimeSpan most, CancellationToken ct)
        {
            await Task.Delay(least, ct).ConfigureAwait(false);
            await Task.WhenAny(_next, Task.Delay(most > least ? most - least : TimeSpan.Zero, ct)).ConfigureAwait(false);
            ct.ThrowIfCancellationRequested();
            _next = feed.Next;
        }

        /// <inheritdoc/>
        public async ValueTask DisposeAsync() => await feed.LeaveAsync(watching).ConfigureAwait(false);
    }

    /// <summary>What is known of a cluster's nodes, and who waits for a change.</summary>
    internal sealed class Feed
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<string, bool> _ready = new(StringComparer.Ordinal);
        private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Func<Task>? _stop;
        private Task _watching = Task.CompletedTask;
        private int _waiting;

        public Task Next
        {
            get
            {
                lock (_gate)
                    return _next.Task;
            }
        }

        public Task Enter(Func<CancellationToken, Task> watch)
        {
            lock (_gate)
            {
                if (_waiting++ > 0)
                    return _watching;
                var stop = new CancellationTokenSource();
                _stop = stop.CancelAsync;
                return _watching = Task.Run(() => watch(stop.Token), CancellationToken.None);
            }
        }

        /// <summary>The last to leave ends the watch.</summary>
        public async Task LeaveAsync(Task watching)
        {
            Func<Task>? stop = null;
            lock (_gate)
                if (--_waiting == 0)
                    (stop, _stop) = (_stop, null);
            if (stop is null)
                return;
            await stop().ConfigureAwait(false);
            await watching.ConfigureAwait(false);
        }

        public void Take(WatchEventType type, V1Node node)
        {
            lock (_gate)
            {
                bool ready = NodeFacts.IsReady(node), gone = type == WatchEventType.Deleted;
                bool changed = gone ? _ready.Remove(node.Metadata.Name) : !_ready.TryGetValue(node.Metadata.Name, out bool before) || before != ready;
                if (!gone)
                    _ready[node.Metadata.Name] = ready;
                if (!changed)
                    return;
                _next.TrySetResult();
                _next = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }
        }
    }
}
