using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Rotation.Workflows.Requests;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// The lock of a cluster, by its workflow id: one holder at a time, the others refused or served in the order in which they asked. It lives as long as anybody holds or waits. Each claim comes from a
/// <see cref="ClusterHold"/>, which the server cancels when its rotation ends in any way. A person who cancels the lock takes it from its holder: only for one that is surely dead.
/// </summary>
[Workflow]
public sealed class ClusterLock
{
    private const int LongestHistory = 5000;

    private readonly ClusterLockRequest _request;
    private readonly LockBook _book;
    private bool _broken;

    /// <summary>Prepares what signals and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public ClusterLock(ClusterLockRequest request)
    {
        _request = request;
        _book = new(request.Holder, request.Queue);
    }

    /// <summary>Workflow id of a cluster's lock. The same name in two state stores is two clusters.</summary>
    public static string IdOf(string cluster, string stateStore) => $"cluster-lock-{cluster}@{stateStore}";

    /// <summary>Serves claims until there is none.</summary>
    [WorkflowRun]
    public async Task RunAsync(ClusterLockRequest request)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        RequestRules.ThrowIfAny(LockRules.ProblemsOf(request, Workflow.Info.WorkflowId));
        while (true)
        {
            await AnswerAllAsync();
            if (_book.IsEmpty)
                return;
            LockFace.Show(request, _book.Holder, _book.Queue);
            await WaitAsync();
            if (_broken || Workflow.CurrentHistoryLength > LongestHistory || Workflow.ContinueAsNewSuggested)
                await GoOnAsNewAsync();
        }
    }

    /// <summary>Claims the lock. Claiming again changes nothing but where answers go.</summary>
    [WorkflowSignal("claim")]
    public async Task ClaimAsync(LockClaim claim) => _book.Claim(claim, Workflow.UtcNow);

    /// <summary>Gives it back, or leaves the queue.</summary>
    [WorkflowSignal("release")]
    public async Task ReleaseAsync(LockRelease release) => _book.Release(release.ClaimId);

    /// <summary>Keeps it for the run that the holder continues as.</summary>
    [WorkflowSignal("handOver")]
    public async Task HandOverAsync(LockRelease release) => _book.HandOver(release.ClaimId, Workflow.UtcNow);

    /// <summary>Who holds it and who waits.</summary>
    [WorkflowQuery("holder")]
    public LockStatus GetHolder() => new() { Cluster = _request.Cluster, StateStore = _request.StateStore, Holder = _book.Holder, Queue = _book.Queue };

    // Nobody may get it twice: what cannot be told that it holds the lock does not hold it.
    private async Task AnswerAllAsync()
    {
        while (_book.NextAnswer(Workflow.UtcNow) is { } next)
        {
            try
            {
                await Workflow.GetExternalWorkflowHandle<ClusterHold>(next.Hold).SignalAsync(h => h.AnswerAsync(next.Answer), new() { CancellationToken = CancellationToken.None });
            }
            catch (FailureException e)
            {
                LockLog.ClaimGone(Workflow.Logger, next.Hold, e.Message);
                _book.Release(next.Answer.ClaimId);
            }
        }
    }

    private async Task WaitAsync()
    {
        bool Due() => _book.HasWork || (Workflow.CancellationToken.IsCancellationRequested && !_broken);
        if (_book.Holder?.HandOverUntil is not { } until)
            await Workflow.WaitConditionAsync(Due, CancellationToken.None);
        else if (until <= Workflow.UtcNow || !await Workflow.WaitConditionWithOptionsAsync(new(Due, until - Workflow.UtcNow, "the holder continues as new", CancellationToken.None)))
            _book.NotTakenOver(Workflow.UtcNow);
        if (Workflow.CancellationToken.IsCancellationRequested && !_broken)
            Break();
    }

    // A run can be cancelled once: the next one can be again.
    private void Break()
    {
        _broken = true;
        if (_book.Holder is { } holder)
            _book.Release(holder.Id);
    }

    private async Task GoOnAsNewAsync()
    {
        await AnswerAllAsync();
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
        if (_book.IsEmpty || _book.HasWork)
            return;
        ClusterLockRequest next = _request with { Holder = _book.Holder, Queue = _book.Queue };
        throw Workflow.CreateContinueAsNewException((ClusterLock w) => w.RunAsync(next));
    }
}
