using Google.Protobuf;
using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;
using Rotation.DevServer.Transport;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Rotation.DevServer.Handlers;

/// <summary>Long polls of workers: wait for work, take it, and answer when the taking is durable.</summary>
internal sealed class Polls(ServerEngine engine, bool endsPollsOfStoppedWorkers)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60), Shortest = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(500);

    public void AddTo(ServiceTable table) =>
        table.Add<ShutdownWorkerRequest, ShutdownWorkerResponse>("ShutdownWorker", (r, _) => Task.FromResult(Stop(r)));

    /// <summary>Refuses a poll that names no queue or nobody can wait for.</summary>
    public static void Check(TaskQueue? queue, string identity, CallContext context)
    {
        if (context.Deadline == DateTime.MaxValue)
            throw Failures.InvalidArgument("Context timeout is not set.");
        if (context.Deadline.ToUniversalTime() - DateTime.UtcNow < Shortest)
            throw Failures.FailedPrecondition("Context timeout is too short.");
        Limits.Length(identity, "Identity");
        Limits.Queue(queue);
    }

    /// <summary>Null when there was nothing before the poll's time was up or its worker stopped.</summary>
    public async Task<T?> TakeAsync<T>(QueueKey key, string identity, string worker, Func<Transition, QueuedTask, T?> begin, CallContext context)
        where T : class, IMessage
    {
        using var time = new CancellationTokenSource(TimeFor(context), engine.Clock.RealTime);
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(context.Cancellation, time.Token);
        while (true)
        {
            Poller? poller = null;
            var taken = await engine.ActAsync(t =>
            {
                if (ends.IsCancellationRequested)
                    return null;
                var found = Next(t, key, begin);
                poller = found is null ? engine.Queues.Wait(key, identity, worker) : null;
                if (found is not null)
                    engine.Queues.Seen(key, identity);
                return found;
            }).ConfigureAwait(false);
            if (taken is not null || poller is null || !await WokenAsync(key, poller, ends.Token).ConfigureAwait(false))
                return taken;
        }
    }

    private T? Next<T>(Transition t, QueueKey key, Func<Transition, QueuedTask, T?> begin)
        where T : class
    {
        while (engine.Queues.Take(key) is { } task)
        {
            if (begin(t, task) is { } found)
                return found;
        }
        return null;
    }

    private async Task<bool> WokenAsync(QueueKey key, Poller poller, CancellationToken ends)
    {
        try
        {
            return await poller.Woken.Task.WaitAsync(ends).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            engine.Look(() =>
            {
                engine.Queues.Leave(key, poller);
                return true;
            });
            return false;
        }
    }

    private static TimeSpan TimeFor(CallContext context)
    {
        var left = context.Deadline.ToUniversalTime() - DateTime.UtcNow - Margin;
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < Longest ? left : Longest;
    }

    private ShutdownWorkerResponse Stop(ShutdownWorkerRequest r)
    {
        if (endsPollsOfStoppedWorkers && r.WorkerInstanceKey.Length > 0)
        {
            engine.Look(() =>
            {
                engine.Queues.StopWorker(r.WorkerInstanceKey);
                return true;
            });
        }
        return new();
    }
}
