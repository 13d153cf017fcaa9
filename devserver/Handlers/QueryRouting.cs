using Rotation.DevServer.Engine;
using Rotation.DevServer.Execution;

namespace Rotation.DevServer.Handlers;

/// <summary>Which way a question goes to a worker.</summary>
internal static class QueryRouting
{
    /// <summary>As a task of its own: to the worker that has the run, or to any with the whole history.</summary>
    public static void Direct(ServerEngine engine, Run run, PendingQuery query)
    {
        var sticky = run.State.IsOpen && engine.IsStickyAlive(run.State);
        query.Direct = true;
        query.Queue = sticky ? run.State.StickyQueue! : run.State.TaskQueue;
        engine.Enqueue(run, query, sticky);
    }
}
