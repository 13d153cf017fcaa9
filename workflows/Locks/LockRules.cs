using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;

namespace Rotation.Workflows.Locks;

/// <summary>What is a valid input of the lock's workflows.</summary>
internal static class LockRules
{
    /// <summary>Everything that is wrong with a request of <c>ClusterHold</c>.</summary>
    public static IReadOnlyList<string> ProblemsOf(ClusterHoldRequest request) => [.. request.Problems, .. RequestRules.Cluster(request.Cluster, request.StateStore)];

    /// <summary>Everything that is wrong with a request of <c>ClusterLock</c>.</summary>
    public static IReadOnlyList<string> ProblemsOf(ClusterLockRequest request, string workflowId)
    {
        List<string> problems = [.. request.Problems, .. RequestRules.Cluster(request.Cluster, null)];
        if (problems.Count == 0 && workflowId != ClusterLock.IdOf(request.Cluster, request.StateStore))
            problems.Add($"cluster: this lock must have the workflow id '{ClusterLock.IdOf(request.Cluster, request.StateStore)}'; to keep rotations away by hand start the workflow ClusterHold with {{\"cluster\": \"{request.Cluster}\"}}");
        return problems;
    }
}
