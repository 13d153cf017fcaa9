using Rotation.DevServer.Store;
using Rotation.DevServer.Visibility;

namespace Rotation.DevServer.Engine;

/// <summary>Takes runs out for good: those that somebody deletes, and those that closed longer ago than the namespace keeps them.</summary>
internal sealed class Retention(ServerEngine engine, SqliteStore store, IVisibilityIndex visibility, TimeSpan keep)
{
    private const int Batch = 200;

    /// <summary>Deletes what is past its time, a batch in each transaction. Returns how many runs that were.</summary>
    public async Task<int> PurgeAsync(CancellationToken cancellation)
    {
        var purged = 0;
        while (true)
        {
            var limit = engine.Clock.Now - keep;
            var old = await store.ReadAsync(c => RunTable.ClosedBefore(c, limit, Batch), cancellation).ConfigureAwait(false);
            await engine.Look(() => RemoveAll(old)).ConfigureAwait(false);
            purged += old.Count;
            if (old.Count < Batch)
                return purged;
        }
    }

    /// <summary>Takes one run out. Under the engine's lock; durable when the store is flushed.</summary>
    public Task Remove(string namespaceName, string runId) => RemoveAll([(namespaceName, runId)]);

    private Task RemoveAll(List<(string Namespace, string RunId)> runs)
    {
        if (runs.Count == 0)
            return Task.CompletedTask;
        foreach (var (_, runId) in runs)
            engine.Runs.Forget(runId);
        return store.Enqueue(connection =>
        {
            foreach (var (namespaceName, runId) in runs)
            {
                RunTable.Delete(connection, runId);
                visibility.Delete(connection, namespaceName, runId);
            }
        });
    }
}
