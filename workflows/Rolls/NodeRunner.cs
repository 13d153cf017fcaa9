using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>
/// Does with one node what its stage asks for, beginning at the action it is in. Every action finds what an earlier attempt did, so that beginning one again, after a
/// crash or in the next run of the workflow, is right.
/// </summary>
internal sealed class NodeRunner(GroupState state)
{
    private readonly ClusterRef _cluster = state.Cluster;

    /// <summary>Runs to the end of the stage; the stage that follows.</summary>
    public async Task<NodeStage> RunAsync(NodeWork node)
    {
        switch (node.Entry.Stage)
        {
            case NodeStage.Ahead:
                await StartAheadAsync(node);
                return NodeStage.Replaced;
            case NodeStage.Leaving:
                await DrainAndTerminateAsync(node);
                return NodeStage.Done;
            default:
                await DrainAndTerminateAsync(node);
                await AwaitAsync(node, NodeStep.AwaitAfter);
                return NodeStage.Done;
        }
    }

    /// <summary>Gives a node that is not to be replaced now back to the scheduler of pods.</summary>
    public Task UncordonAsync(NodeWork node)
    {
        NodeInput input = InputOf(node);
        return Workflow.ExecuteActivityAsync((INodeActivities a) => a.UncordonNodeAsync(input), ActivityProfiles.RollCall($"Uncordon {Name(node)}"));
    }

    /// <summary>Marks nodes that are to be replaced, as kops does, so that evicted pods rather go elsewhere; or takes the marks back.</summary>
    public Task TaintAsync(IReadOnlyList<string> instances, bool remove)
    {
        var input = new TaintNodesInput { Cluster = _cluster, Instances = instances, Remove = remove };
        return Workflow.ExecuteActivityAsync((INodeActivities a) => a.TaintNodesAsync(input), ActivityProfiles.RollTerminate(remove ? "Take the taints back" : "Taint the nodes that need the update"));
    }

    private async Task StartAheadAsync(NodeWork node)
    {
        // One that was detached before, by an earlier roll or an earlier attempt, has its replacement on the way.
        if (node.Step == NodeStep.Detach || (node is { Step: NodeStep.None, Ticket: 0 } && !node.Instance.Detached))
        {
            TakeTicket(node);
            node.Enter(NodeStep.Detach);
            NodeInput input = InputOf(node);
            await Workflow.ExecuteActivityAsync((INodeActivities a) => a.DetachInstanceAsync(input), ActivityProfiles.RollCall($"Detach {node.Id}"));
        }

        await AwaitAsync(node, NodeStep.AwaitAhead);
        node.Enter(NodeStep.None);
    }

    private async Task DrainAndTerminateAsync(NodeWork node)
    {
        if (node.Step is NodeStep.None or NodeStep.Drain)
        {
            node.Enter(NodeStep.Drain);
            if (!state.Request.CloudOnly && node.Instance.Role != InstanceGroupRole.Bastion)
                await DrainAsync(node);
        }

        if (node.Step is NodeStep.Drain or NodeStep.Terminate)
        {
            if (!node.Entry.Detached)
                TakeTicket(node);
            node.Enter(NodeStep.Terminate);
            NodeInput input = InputOf(node);
            await Workflow.ExecuteActivityAsync((INodeActivities a) => a.TerminateInstanceAsync(input), ActivityProfiles.RollTerminate($"Terminate {node.Id}"));
        }
    }

    private void TakeTicket(NodeWork node)
    {
        if (node.Ticket == 0)
            node.Ticket = ++state.Removed;
    }

    private Task<DrainResult> DrainAsync(NodeWork node)
    {
        RollOptions roll = state.Request.Roll;
        var input = new DrainNodeInput { Cluster = _cluster, Instance = node.Instance, Timeout = roll.DrainTimeout, PostDrainDelay = roll.PostDrainDelay, Force = node.IsForced };
        string how = node.IsForced ? $"Drain {Name(node)} by force, as {string.Join(" and ", node.ForcedBy)} say" : $"Cordon and drain {Name(node)}";
        return Workflow.ExecuteActivityAsync((INodeActivities a) => a.DrainNodeAsync(input), ActivityProfiles.RollWait(how, roll.DrainTimeout.Value + roll.PostDrainDelay.Value));
    }

    private Task<InstanceList> AwaitAsync(NodeWork node, NodeStep step)
    {
        node.Enter(step);
        RollInstanceGroupRequest request = state.Request;
        bool unproven = node.Instance.Role == InstanceGroupRole.Bastion || request.CloudOnly;
        var input = new AwaitGroupInput
        {
            Cluster = _cluster,
            InstanceGroup = request.InstanceGroup,
            Role = node.Instance.Role,
            Gone = [node.Id],
            OldLeft = Math.Max(0, state.Old - node.Ticket),
            Old = request.Force ? [.. request.Instances.Select(i => i.Id)] : [],
            Tolerate = node.Instance.Role == InstanceGroupRole.Node ? request.Tolerate : 0,
            Interval = IntervalOf(node.Instance.Role),
            Timeout = request.Roll.ValidationTimeout,
            ValidateCount = unproven ? 0 : request.Roll.ValidateCount,
            HoldScaleDown = node.Instance.Role == InstanceGroupRole.Node,
            CloudOnly = request.CloudOnly,
        };
        return Workflow.ExecuteActivityAsync((INodeActivities a) => a.AwaitGroupAsync(input), ActivityProfiles.RollWait($"Wait for the replacement of {Name(node)}", request.Roll.ValidationTimeout.Value));
    }

    private KopsDuration IntervalOf(InstanceGroupRole role) => role switch
    {
        InstanceGroupRole.Bastion => state.Request.Roll.BastionInterval,
        InstanceGroupRole.Node => state.Request.Roll.NodeInterval,
        _ => state.Request.Roll.ControlPlaneInterval,
    };

    private NodeInput InputOf(NodeWork node) => new() { Cluster = _cluster, Instance = node.Instance, CloudOnly = state.Request.CloudOnly };

    private static string Name(NodeWork node) => node.Instance.NodeName ?? node.Id;
}
