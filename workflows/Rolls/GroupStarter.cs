using Rotation.Workflows.Contracts;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>Starts the child of one instance group.</summary>
internal static class GroupStarter
{
    /// <summary>Starts it; <see cref="GroupRun.Share"/> is its budget.</summary>
    public static async Task StartAsync(RollClusterRequest request, GroupRun run)
    {
        var group = new RollInstanceGroupRequest
        {
            Cluster = request.Cluster,
            StateStore = request.StateStore,
            InstanceGroup = run.Plan.Name,
            Instances = run.Plan.Instances,
            GroupSize = run.Plan.Size,
            Budget = run.Share,
            CloudOnly = request.CloudOnly,
            Roll = request.Roll,
            Rotation = request.Rotation.Length > 0 ? request.Rotation : Workflow.Info.WorkflowId,
        };
        run.Handle = await Workflow.StartChildWorkflowAsync((RollInstanceGroup w) => w.RunAsync(group), new ChildWorkflowOptions
        {
            Id = $"{Workflow.Info.WorkflowId}-{run.Plan.Name}",
            StaticSummary = $"Rolls {run.Plan.Instances.Count} instances of {run.Plan.Name}",
            ParentClosePolicy = ParentClosePolicy.RequestCancel,
            CancellationToken = CancellationToken.None,
        });
    }
}
