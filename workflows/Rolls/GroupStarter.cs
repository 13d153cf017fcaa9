using Rotation.Workflows.Contracts;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>Starts the child of one instance group.</summary>
internal static class GroupStarter
{
    /// <summary>Starts it; <see cref="GroupRun.Share"/> is its part of <paramref name="budget"/>, 0 where it does not share.</summary>
    public static async Task StartAsync(RollClusterRequest request, GroupRun run, int budget)
    {
        int share = run.Share;
        bool alone = request.Rotation.Length == 0;
        var group = new RollInstanceGroupRequest
        {
            Cluster = request.Cluster,
            StateStore = request.StateStore,
            InstanceGroup = run.Plan.Name,
            Instances = run.Plan.Instances,
            GroupSize = run.Plan.Size,
            Old = run.Plan.Old,
            Budget = share,
            Tolerate = Math.Max(0, budget - 1),
            Force = request.Force,
            CloudOnly = request.CloudOnly,
            Window = request.Window,
            Roll = request.Roll with { OnFailure = request.Roll.OnFailure ?? (alone ? RollReaction.Hold : RollReaction.Fail) },
            Rotation = alone ? Workflow.Info.WorkflowId : request.Rotation,
        };
        run.Handle = await Workflow.StartChildWorkflowAsync((RollInstanceGroup w) => w.RunAsync(group), new ChildWorkflowOptions
        {
            Id = GroupRun.IdOf(Workflow.Info.WorkflowId, run.Plan),
            StaticSummary = $"Rolls {run.Plan.Instances.Count} instances of {run.Plan.Name}",
            ParentClosePolicy = ParentClosePolicy.RequestCancel,
            CancellationToken = CancellationToken.None,
        });
        // What it got while it was being started it does not know yet.
        if (run.Share != share)
            await run.ShareAsync(run.Share);
    }
}
