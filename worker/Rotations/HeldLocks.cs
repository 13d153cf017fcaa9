using Rotation.Workflows;
using Rotation.Workflows.Locks;
using Temporalio.Client;
using Temporalio.Converters;

namespace Rotation.Worker.Rotations;

/// <summary>Which workflows hold or wait for the lock of a cluster, as the server shows it without a worker.</summary>
internal static class HeldLocks
{
    /// <summary>Words by workflow id: <c>holds</c>, or <c>waits (2)</c> for the second in the queue.</summary>
    public static async Task<IReadOnlyDictionary<string, string>> ReadAsync(ITemporalClient client, CancellationToken cancel)
    {
        var words = new Dictionary<string, string>(StringComparer.Ordinal);
        var options = new WorkflowListOptions { Rpc = new() { CancellationToken = cancel } };
        await foreach (WorkflowExecution found in client.ListWorkflowsAsync($"WorkflowType = '{nameof(ClusterLock)}' AND ExecutionStatus = 'Running'", options).ConfigureAwait(false))
        {
            if (found.Memo.TryGetValue(LockFace.HolderMemo, out IEncodedRawValue? holder) && await holder.ToValueAsync<string>().ConfigureAwait(false) is { Length: > 0 } id)
                words[id] = "holds";
            if (!found.Memo.TryGetValue(LockFace.QueueMemo, out IEncodedRawValue? queue))
                continue;
            string[] waiting = await queue.ToValueAsync<string[]>().ConfigureAwait(false);
            for (int i = 0; i < waiting.Length; i++)
                words[waiting[i]] = $"waits ({i + 1})";
        }

        return words;
    }
}
