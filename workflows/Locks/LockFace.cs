using Rotation.Workflows.Contracts;
using Temporalio.Workflows;

namespace Rotation.Workflows.Locks;

/// <summary>What people see of a lock without asking a worker: details, search attributes, and the memo that <c>rotation list</c> reads.</summary>
public static class LockFace
{
    /// <summary>Memo field with the workflow id of the holder; empty when nobody holds the lock.</summary>
    public const string HolderMemo = "rotation-lock-holder";

    /// <summary>Memo field with the workflow ids of those who wait, in their order.</summary>
    public const string QueueMemo = "rotation-lock-queue";

    /// <summary>A holder in words.</summary>
    internal static string Describe(LockClaim claim) =>
        $"{claim.Holder.WorkflowId} ({claim.Holder.Kind}{(claim.Reason.Length > 0 ? $", {claim.Reason}" : "")}) since {claim.Since:yyyy-MM-dd HH:mm:ss}Z";

    internal static void Show(ClusterLockRequest request, LockClaim? holder, IReadOnlyList<LockClaim> queue)
    {
        string held = holder is null ? "is free" : $"is held by {Describe(holder)}";
        string waiting = string.Concat(queue.Select((q, i) => $"\n{i + 1}. {q.Holder.WorkflowId} ({q.Holder.Kind}) waits since {q.Since:yyyy-MM-dd HH:mm:ss}Z"));
        Workflow.CurrentDetails = $"The lock of **{request.Cluster}** in {request.StateStore} {held}.\n{waiting}\n\nIt is given back when its holder ends in any way. Cancel this workflow only to take it from a holder that is surely dead.";
        Workflow.UpsertTypedSearchAttributes(RotationSearchAttributes.Cluster.ValueSet(request.Cluster), RotationSearchAttributes.Kind.ValueSet(nameof(ClusterLock)));
        Workflow.UpsertMemo(MemoUpdate.ValueSet(HolderMemo, holder?.Holder.WorkflowId ?? ""), MemoUpdate.ValueSet(QueueMemo, queue.Select(q => q.Holder.WorkflowId).ToArray()));
    }
}
