using Rotation.DevServer.Transport;
using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Whether a workflow id may be used again: by the conflict policy while its run is open, by the reuse policy afterwards.</summary>
internal static class IdPolicies
{
    /// <summary>Null when the new run may start. A run that is in its way by policy is terminated; else says why not.</summary>
    public static RpcFailure? Resolve(Transition t, Run? current, WorkflowIdReusePolicy reuse, WorkflowIdConflictPolicy conflict, string newRunId)
    {
        if (current is null)
            return null;
        var who = $"WorkflowId: {current.State.WorkflowId}, RunId: {current.Id}.";
        if (!current.State.IsOpen)
        {
            return reuse switch
            {
                WorkflowIdReusePolicy.RejectDuplicate =>
                    Taken(current, $"Workflow execution already finished. {who} Workflow Id reuse policy: reject duplicate workflow Id."),
                WorkflowIdReusePolicy.AllowDuplicateFailedOnly when current.State.Status is WorkflowExecutionStatus.Completed or WorkflowExecutionStatus.ContinuedAsNew =>
                    Taken(current, $"Workflow execution already finished successfully. {who} Workflow Id reuse policy: allow duplicate workflow Id if last run failed."),
                _ => null,
            };
        }
        if (conflict != WorkflowIdConflictPolicy.TerminateExisting)
            return Taken(current, $"Workflow execution is already running. {who}");
        Closing.Terminate(current, t, "TerminateIfRunning WorkflowIdReusePolicy", PayloadTexts.Of($"terminated by new runID: {newRunId}"), Closing.Identity);
        return null;
    }

    /// <summary>The conflict policy that is meant: an old reuse policy says one too.</summary>
    public static WorkflowIdConflictPolicy Conflict(WorkflowIdReusePolicy reuse, WorkflowIdConflictPolicy conflict, WorkflowIdConflictPolicy otherwise)
    {
        if (conflict != WorkflowIdConflictPolicy.Unspecified)
            return conflict;
#pragma warning disable CS0612 // The old name of a policy that clients still send.
        return reuse == WorkflowIdReusePolicy.TerminateIfRunning ? WorkflowIdConflictPolicy.TerminateExisting : otherwise;
#pragma warning restore CS0612
    }

    /// <summary>What is wrong with a pair of policies; null when they can be followed.</summary>
    public static string? Fault(WorkflowIdReusePolicy reuse, WorkflowIdConflictPolicy conflict)
    {
#pragma warning disable CS0612 // See above.
        if (conflict != WorkflowIdConflictPolicy.Unspecified && reuse == WorkflowIdReusePolicy.TerminateIfRunning)
            return "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING cannot be used together with a WorkflowIDConflictPolicy";
#pragma warning restore CS0612
        return conflict == WorkflowIdConflictPolicy.TerminateExisting && reuse == WorkflowIdReusePolicy.RejectDuplicate
            ? "Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE cannot be used together with WorkflowIdConflictPolicy WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING"
            : null;
    }

    private static RpcFailure Taken(Run current, string message) => Failures.WorkflowAlreadyStarted(message, current.State.StartRequestId, current.Id);
}
