using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>
/// Keeps cluster-autoscaler from scaling nodes down while a roll runs; it goes on scaling up. Given back in every ending of the workflow but its termination: then the next
/// roll of the cluster gives it back, or <c>kubectl annotate</c> as docs/rolling-update.md says.
/// </summary>
internal sealed class ScaleDownHold(ClusterRef cluster)
{
    private bool _taken;

    public async Task TakeAsync()
    {
        _taken = true;
        await Workflow.ExecuteActivityAsync((INodeActivities a) => a.HoldScaleDownAsync(cluster), ActivityProfiles.RollTerminate("Keep cluster-autoscaler from scaling down"));
    }

    /// <summary>Gives it back, however often that has to be tried. False when the API refuses it for good: then a person has to.</summary>
    public async Task<bool> GiveBackAsync()
    {
        if (!_taken)
            return true;
        try
        {
            await Workflow.ExecuteActivityAsync((INodeActivities a) => a.ReleaseScaleDownAsync(cluster), ActivityProfiles.UntilDone("Let cluster-autoscaler scale down again"));
            return true;
        }
        catch (FailureException e)
        {
            RollLog.ScaleDownHeld(Workflow.Logger, cluster.Name, e.InnerException?.Message ?? e.Message);
            return false;
        }
    }
}
