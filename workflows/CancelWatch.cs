using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Lets waits that are not bound to the workflow's cancellation see it. A cancel request alone schedules nothing in workflow code, and without anything scheduled
/// the SDK does not look at wait conditions again.
/// </summary>
internal static class CancelWatch
{
    /// <summary>Completes when the workflow is cancelled. Start it once at the beginning, and do not wait for it.</summary>
    public static async Task WakeOnCancelAsync()
    {
        try
        {
            await Workflow.WaitConditionAsync(() => false, Workflow.CancellationToken);
        }
        catch (OperationCanceledException)
        {
            // Having run is all it is for: now the conditions are looked at.
        }
    }
}
