using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>
/// The life of one node in a roll, at most four activities: with surge detach, wait for the replacement, drain, terminate; without it drain, terminate, wait.
/// Every one finds what an earlier attempt did, so beginning again from the top is right after any crash.
/// </summary>
internal sealed class NodeReplacement(RollInstanceGroupRequest request)
{
    private readonly ClusterRef _cluster = ClusterOf(request);

    public static ClusterRef ClusterOf(RollInstanceGroupRequest request) =>
        new() { Name = request.Cluster, StateStore = request.StateStore, Rotation = request.Rotation.Length > 0 ? request.Rotation : Workflow.Info.WorkflowId };

    public async Task RunAsync(InstanceState instance, bool surge)
    {
        var node = new NodeInput { Cluster = _cluster, Instance = instance, CloudOnly = request.CloudOnly };
        bool ahead = surge || instance.Detached;
        if (ahead)
        {
            if (!instance.Detached)
                await Workflow.ExecuteActivityAsync((INodeActivities a) => a.DetachInstanceAsync(node), ActivityProfiles.Call($"Detach {instance.Id}"));
            await AwaitAsync(instance, $"Wait for the replacement of {instance.Id}");
        }

        if (!request.CloudOnly && instance.Role != InstanceGroupRole.Bastion)
            await DrainAsync(instance);
        await Workflow.ExecuteActivityAsync((INodeActivities a) => a.TerminateInstanceAsync(node), ActivityProfiles.Terminate($"Terminate {instance.Id}"));
        if (!ahead)
            await AwaitAsync(instance, $"Wait for the replacement of {instance.Id}");
    }

    private Task<DrainResult> DrainAsync(InstanceState instance)
    {
        var input = new DrainNodeInput { Cluster = _cluster, Instance = instance, Timeout = request.Roll.DrainTimeout };
        return Workflow.ExecuteActivityAsync((INodeActivities a) => a.DrainNodeAsync(input), ActivityProfiles.Wait($"Cordon and drain {instance.NodeName ?? instance.Id}", request.Roll.DrainTimeout.Value));
    }

    private Task<InstanceList> AwaitAsync(InstanceState instance, string summary)
    {
        bool bastion = instance.Role == InstanceGroupRole.Bastion;
        var input = new AwaitGroupInput
        {
            Cluster = _cluster,
            InstanceGroup = request.InstanceGroup,
            Role = instance.Role,
            Gone = [instance.Id],
            Timeout = request.Roll.ValidationTimeout,
            ValidateCount = bastion || request.CloudOnly ? 0 : request.Roll.ValidateCount,
            CloudOnly = request.CloudOnly,
        };
        return Workflow.ExecuteActivityAsync((INodeActivities a) => a.AwaitGroupAsync(input), ActivityProfiles.Wait(summary, request.Roll.ValidationTimeout.Value));
    }
}
