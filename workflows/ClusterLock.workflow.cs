using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// The lock of a cluster: one mutating rotation at a time, whoever started it and under whatever workflow id, because the server lets one workflow of an id run.
/// A rotation runs it as its child, so the server ends it in every ending of the rotation, also when that is terminated. A person may start it by hand to keep
/// rotations away, and cancels it, or sends <c>release</c>, to let them in again.
/// </summary>
[Workflow]
public sealed class ClusterLock
{
    private readonly ClusterLockRequest _request;
    private bool _released;

    /// <summary>Prepares what signals and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public ClusterLock(ClusterLockRequest request) => _request = request;

    /// <summary>Workflow id of a cluster's lock.</summary>
    public static string IdOf(string cluster) => $"cluster-lock-{cluster}";

    /// <summary>Holds the lock until it is released.</summary>
    [WorkflowRun]
    public async Task RunAsync(ClusterLockRequest request)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        RequestRules.ThrowIfAny(RequestRules.ProblemsOf(request, Workflow.Info.WorkflowId));
        Workflow.CurrentDetails = $"**{request.Cluster}** is locked by `{request.Holder}` since {Workflow.UtcNow:yyyy-MM-dd HH:mm:ss}Z. {request.Reason}\n\nTo release it by hand: cancel this workflow.";
        await Workflow.WaitConditionAsync(() => _released || Workflow.CancellationToken.IsCancellationRequested, CancellationToken.None);
    }

    /// <summary>Releases it.</summary>
    [WorkflowSignal("release")]
    public async Task ReleaseAsync() => _released = true;

    /// <summary>Who holds it.</summary>
    [WorkflowQuery("holder")]
    public ClusterLockRequest GetHolder() => _request;
}
