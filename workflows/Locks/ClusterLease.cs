using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Locks;

/// <summary>Takes and gives back the lock of a cluster for the workflow that runs, through a child <see cref="ClusterHold"/> that outlives neither it nor its end.</summary>
/// <param name="cluster">kOps cluster name.</param>
/// <param name="stateStore">kOps state store; null: the worker's.</param>
/// <param name="reason">What it is held for.</param>
internal sealed class ClusterLease(string cluster, string? stateStore, string reason)
{
    /// <summary>Signal by which a hold passes the lock's answers on to its rotation.</summary>
    public const string AnswerSignal = "lockAnswer";

    private ChildWorkflowHandle<ClusterHold>? _hold;
    private Task? _held;
    private LockAnswer _answer = new();

    /// <summary>
    /// Takes it, or fails with <c>ClusterLocked</c> naming the holder, or waits in the queue, as asked. A run that continues another of the same workflow gets the lock that was handed over.
    /// </summary>
    /// <param name="reaction">What to do while somebody else holds it.</param>
    /// <param name="wait">Waits until the condition holds, or leaves by an exception; gets the words to show.</param>
    public async Task TakeAsync(LockReaction reaction, Func<string, Func<bool>, Task> wait)
    {
        string claim = Workflow.Info.FirstExecutionRunId;
        Workflow.Signals[AnswerSignal] = WorkflowSignalDefinition.CreateWithoutAttribute(AnswerSignal, (LockAnswer answer) => HearAsync(claim, answer));
        var request = new ClusterHoldRequest
        {
            Cluster = cluster,
            StateStore = stateStore,
            Reason = reason,
            WhenLocked = reaction,
            Holder = new() { WorkflowId = Workflow.Info.WorkflowId, Kind = Workflow.Info.WorkflowType, FirstRunId = claim },
        };
        _hold = await Workflow.StartChildWorkflowAsync((ClusterHold w) => w.RunAsync(request), new ChildWorkflowOptions
        {
            Id = ClusterHold.IdOf(claim),
            StaticSummary = $"Lock of {cluster}",
            ParentClosePolicy = ParentClosePolicy.RequestCancel,
            CancellationToken = CancellationToken.None,
        });
        _held = _hold.GetResultAsync();
        await Workflow.WaitConditionAsync(() => _answer.State != LockState.Unanswered || _held.IsCompleted, CancellationToken.None);
        while (_answer.State == LockState.Queued && !_held.IsCompleted)
        {
            LockAnswer seen = _answer;
            await wait($"Waits for the lock of {cluster}, held by {seen.HeldBy}; {seen.Ahead} before it in the queue.", () => _answer != seen || _held.IsCompleted);
        }

        if (_answer.State != LockState.Granted)
            await FailAsync();
    }

    /// <summary>Gives it back. Whatever fails here, the hold does it when this workflow has ended.</summary>
    public Task GiveBackAsync() => EndAsync(w => w.ReleaseAsync());

    /// <summary>Keeps it for the run that this one continues as: call it right before, and <see cref="TakeAsync"/> first thing in the next.</summary>
    public Task HandOverAsync() => EndAsync(w => w.HandOverAsync());

    private async Task HearAsync(string claim, LockAnswer answer)
    {
        if (answer.ClaimId == claim)
            _answer = answer;
    }

    private async Task EndAsync(System.Linq.Expressions.Expression<Func<ClusterHold, Task>> how)
    {
        if (_hold is null)
            return;
        try
        {
            await _hold.SignalAsync(how, new() { CancellationToken = CancellationToken.None });
            await _held!;
        }
        catch (FailureException e)
        {
            LockLog.NotGivenBack(Workflow.Logger, cluster, e.Message);
        }
    }

    private async Task FailAsync()
    {
        if (_answer.State == LockState.Refused)
            throw RotationErrors.Permanent(RotationErrors.ClusterLocked, $"The lock of {cluster} is held by {_answer.HeldBy}. Wait for its end, or start with \"whenLocked\": \"queue\". Nothing was changed.");
        try
        {
            await _held!;
        }
        catch (FailureException e)
        {
            throw RotationErrors.Permanent(Failures.TypeOf(e), $"The lock of {cluster} cannot be taken: {Failures.RootOf(e).Message}");
        }

        throw RotationErrors.Permanent(RotationErrors.ClusterLocked, $"The hold {ClusterHold.IdOf(Workflow.Info.FirstExecutionRunId)} was ended by hand before it had the lock of {cluster}. Nothing was changed.");
    }
}
