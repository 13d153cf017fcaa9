using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Rotation.Workflows.Requests;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Holds a cluster's lock, or a place in its queue, as long as it runs. A rotation runs one as its child: whatever ends the rotation, also a terminate, a timeout or a delete, makes the server cancel
/// the hold, and the hold gives the lock back. A person starts one by hand to keep rotations away, and cancels it, or sends <c>release</c>, to let them in again.
/// </summary>
[Workflow]
public sealed class ClusterHold
{
    // A lock that a person ended forgets who waits.
    private static readonly TimeSpan AskAgain = TimeSpan.FromHours(1);

    private LockAnswer _answer = new();
    private bool _released;
    private bool _handedOver;

    /// <summary>Workflow id of the hold of a rotation.</summary>
    public static string IdOf(string claimId) => $"cluster-hold-{claimId}";

    /// <summary>Claims the lock and holds it until it is released. Started by hand it fails with <c>ClusterLocked</c> when it is refused.</summary>
    [WorkflowRun]
    public async Task RunAsync(ClusterHoldRequest request)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        RequestRules.ThrowIfAny(LockRules.ProblemsOf(request));
        ClusterIdentity cluster = await IdentifyAsync(request);
        LockClaim claim = ClaimOf(request);
        string lockId = ClusterLock.IdOf(cluster.Cluster, cluster.StateStore);
        Workflow.CurrentDetails = $"For {claim.Holder.WorkflowId}: the lock of **{cluster.Cluster}** is the workflow `{lockId}`.";
        await ClaimAsync(cluster, lockId, claim);
        await Workflow.WaitConditionAsync(() => IsOver || _answer.State == LockState.Refused, CancellationToken.None);
        if (_answer.State != LockState.Refused)
            await SignalLockAsync(lockId, _handedOver && !_released ? "handOver" : "release", new LockRelease { ClaimId = claim.Id });
        else if (Workflow.Info.Parent is null)
            throw RotationErrors.Permanent(RotationErrors.ClusterLocked, $"The lock of {cluster.Cluster} is held by {_answer.HeldBy}.");
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
    }

    /// <summary>The lock's answer, which goes on to the rotation.</summary>
    [WorkflowSignal("answer")]
    public async Task AnswerAsync(LockAnswer answer)
    {
        _answer = answer;
        if (Workflow.Info.Parent is not { } parent || IsOver)
            return;
        try
        {
            await Workflow.GetExternalWorkflowHandle(parent.WorkflowId).SignalAsync(ClusterLease.AnswerSignal, [answer], new() { CancellationToken = CancellationToken.None });
        }
        catch (FailureException e)
        {
            LockLog.ClaimGone(Workflow.Logger, Workflow.Info.WorkflowId, e.Message);
        }
    }

    /// <summary>Gives the lock back, or leaves the queue.</summary>
    [WorkflowSignal("release")]
    public async Task ReleaseAsync() => _released = true;

    /// <summary>Ends, and keeps the lock for the run that its rotation continues as.</summary>
    [WorkflowSignal("handOver")]
    public async Task HandOverAsync() => _handedOver = true;

    private bool IsOver => _released || _handedOver || Workflow.CancellationToken.IsCancellationRequested;

    private static Task<ClusterIdentity> IdentifyAsync(ClusterHoldRequest request)
    {
        var cluster = new ClusterRef { Name = request.Cluster, StateStore = request.StateStore, Rotation = request.Holder?.WorkflowId ?? Workflow.Info.WorkflowId };
        return Workflow.ExecuteActivityAsync((ILockActivities a) => a.IdentifyClusterAsync(cluster), ActivityProfiles.Call("which cluster is meant"));
    }

    private static LockClaim ClaimOf(ClusterHoldRequest request)
    {
        LockHolder holder = request.Holder ?? new() { WorkflowId = Workflow.Info.WorkflowId, Kind = nameof(ClusterHold), FirstRunId = Workflow.Info.FirstExecutionRunId };
        return new() { Id = holder.FirstRunId, Hold = Workflow.Info.WorkflowId, Holder = holder, Reason = request.Reason, Queue = request.WhenLocked == LockReaction.Queue, Since = Workflow.UtcNow };
    }

    private async Task ClaimAsync(ClusterIdentity cluster, string lockId, LockClaim claim)
    {
        while (!IsOver && _answer.State is not (LockState.Granted or LockState.Refused))
        {
            if (await StartLockAsync(cluster, lockId, claim) || await SignalLockAsync(lockId, "claim", claim))
                await Workflow.WaitConditionWithOptionsAsync(new(() => IsOver || _answer.State is LockState.Granted or LockState.Refused, AskAgain, $"waits for the lock of {cluster.Cluster}", CancellationToken.None));
        }
    }

    private static async Task<bool> StartLockAsync(ClusterIdentity cluster, string lockId, LockClaim claim)
    {
        var request = new ClusterLockRequest { Cluster = cluster.Cluster, StateStore = cluster.StateStore, Queue = [claim] };
        try
        {
            await Workflow.StartChildWorkflowAsync((ClusterLock w) => w.RunAsync(request), new()
            {
                Id = lockId,
                StaticSummary = $"Lock of {cluster.Cluster}",
                ParentClosePolicy = ParentClosePolicy.Abandon,
                CancellationToken = CancellationToken.None,
            });
            return true;
        }
        catch (WorkflowAlreadyStartedException)
        {
            return false;
        }
    }

    // False when the lock has ended meanwhile.
    private static async Task<bool> SignalLockAsync(string lockId, string signal, object content)
    {
        try
        {
            await Workflow.GetExternalWorkflowHandle(lockId).SignalAsync(signal, [content], new() { CancellationToken = CancellationToken.None });
            return true;
        }
        catch (FailureException e)
        {
            LockLog.NotGivenBack(Workflow.Logger, lockId, e.Message);
            return false;
        }
    }
}
