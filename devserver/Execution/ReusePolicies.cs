using Temporalio.Api.Enums.V1;

namespace Rotation.DevServer.Execution;

/// <summary>Whether a workflow id may be used again.</summary>
internal static class ReusePolicies
{
    public static bool MayStart(RunState? current, WorkflowIdReusePolicy policy)
    {
        if (current is null)
            return true;
        return !current.IsOpen && MayFollow(current.Status, policy);
    }

    public static bool MayFollow(WorkflowExecutionStatus closed, WorkflowIdReusePolicy policy) => policy switch
    {
        WorkflowIdReusePolicy.RejectDuplicate => false,
        WorkflowIdReusePolicy.AllowDuplicateFailedOnly => closed is WorkflowExecutionStatus.Failed or WorkflowExecutionStatus.Canceled
            or WorkflowExecutionStatus.Terminated or WorkflowExecutionStatus.TimedOut,
        _ => true,
    };
}
