using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Requests;

/// <summary>Takes and gives back the lock of a cluster for the workflow that runs.</summary>
/// <param name="cluster">kOps cluster name.</param>
/// <param name="reason">What it is held for.</param>
internal sealed class ClusterLease(string cluster, string reason)
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);
    private ChildWorkflowHandle<ClusterLock>? _lock;

    /// <summary>Takes it. False when somebody else holds it.</summary>
    public async Task<bool> TryTakeAsync()
    {
        try
        {
            _lock = await Workflow.StartChildWorkflowAsync((ClusterLock w) => w.RunAsync(new() { Cluster = cluster, Holder = Workflow.Info.WorkflowId, Reason = reason }), new ChildWorkflowOptions
            {
                Id = ClusterLock.IdOf(cluster),
                StaticSummary = $"Lock of {cluster}",
                ParentClosePolicy = ParentClosePolicy.Terminate,
                CancellationToken = CancellationToken.None,
            });
            return true;
        }
        catch (WorkflowAlreadyStartedException)
        {
            return false;
        }
    }

    /// <summary>Takes it, or fails with <c>ClusterLocked</c>, or waits until it is free, as asked.</summary>
    /// <param name="reaction">What to do while somebody else holds it.</param>
    /// <param name="wait">Waits that long, or leaves by an exception.</param>
    public async Task TakeAsync(LockReaction reaction, Func<TimeSpan, Task> wait)
    {
        for (TimeSpan next = ShortestWait; !await TryTakeAsync(); next = next * 2 < LongestWait ? next * 2 : LongestWait)
        {
            if (reaction == LockReaction.Refuse)
                throw RotationErrors.Permanent(RotationErrors.ClusterLocked, $"Another rotation holds the lock of {cluster}: look at the workflow '{ClusterLock.IdOf(cluster)}'. Wait for its end, or start with \"whenLocked\": \"queue\". Nothing was changed.");
            await wait(next);
        }
    }

    /// <summary>Gives it back. Whatever fails here, the server ends the lock together with its holder.</summary>
    public async Task GiveBackAsync()
    {
        if (_lock is null)
            return;
        try
        {
            await _lock.SignalAsync(w => w.ReleaseAsync(), new() { CancellationToken = CancellationToken.None });
            await _lock.GetResultAsync();
        }
        catch (FailureException e)
        {
            LockLog.NotGivenBack(Workflow.Logger, cluster, e.Message);
        }
    }
}
