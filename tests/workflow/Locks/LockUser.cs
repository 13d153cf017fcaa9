using Rotation.Workflows;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Temporalio.Workflows;
using Flow = Temporalio.Workflows.Workflow;

namespace Rotation.Tests.Workflow.Locks;

/// <summary>What a test rotation wants.</summary>
public sealed record LockUse
{
    public string Cluster { get; init; } = "";

    public string? StateStore { get; init; }

    public bool Queue { get; init; }
}

/// <summary>A rotation that takes the lock, does nothing with it, and ends as it is told.</summary>
[Workflow]
public sealed class LockUser
{
    private string _state = "waiting";
    private string _end = "";
    private int _runs;

    [WorkflowRun]
    public async Task<string> RunAsync(LockUse use, int runs)
    {
        _runs = runs;
        var lease = new ClusterLease(use.Cluster, use.StateStore, "a test");
        await lease.TakeAsync(use.Queue ? LockReaction.Queue : LockReaction.Refuse, (why, done) =>
        {
            _state = why;
            return Flow.WaitConditionAsync(done);
        });
        _state = $"holds in run {runs}";
        await Flow.WaitConditionAsync(() => _end.Length > 0, CancellationToken.None);
        switch (_end)
        {
            case "give back":
                await lease.GiveBackAsync();
                break;
            case "fail":
                throw RotationErrors.Permanent("Asked", "told to fail");
            case "continue":
                await lease.HandOverAsync();
                throw Flow.CreateContinueAsNewException((LockUser w) => w.RunAsync(use, runs + 1));
        }

        return _end;
    }

    [WorkflowSignal("end")]
    public async Task EndAsync(string how) => _end = how;

    [WorkflowQuery("state")]
    public string GetState() => _state;
}
