using Rotation.Workflows.Contracts;
using Rotation.Workflows.Requests;
using Temporalio.Workflows;

namespace Rotation.Workflows.Rolls;

/// <summary>Where the roll of an instance group is: its nodes, its schedule, its counts. Made from the request, and carried over by <see cref="Next"/>.</summary>
internal sealed class GroupState
{
    private readonly List<string> _forced;
    private int _forgiven;

    public GroupState(RollInstanceGroupRequest request)
    {
        Request = request;
        GroupProgress progress = request.Progress ?? new() { Nodes = [.. request.Instances.Select(i => new NodeProgress { Instance = i })] };
        Nodes = [.. progress.Nodes.Select(n => new NodeWork(n))];
        (Done, Removed) = (progress.Done, progress.Removed);
        _forced = [.. progress.Forced];
        Scheduler = new(GroupLimits.Of(request.Roll, Role, Math.Max(request.GroupSize, request.Instances.Count), request.CloudOnly), Nodes.Select(n => n.Entry), progress.CanaryDone)
        {
            Grant = progress.Grant ?? (request.Budget > 0 ? request.Budget : int.MaxValue),
        };
    }

    public RollInstanceGroupRequest Request { get; }

    public GroupScheduler Scheduler { get; }

    public List<NodeWork> Nodes { get; }

    public int Done { get; private set; }

    /// <summary>Instances taken out of the group so far.</summary>
    public int Removed { get; set; }

    /// <summary>Instances of the group that were not as new ones are when the roll began.</summary>
    public int Old => Math.Max(Request.Old, Request.Instances.Count(i => !i.Detached));

    public InstanceGroupRole Role => Request.Instances.Count == 0 ? InstanceGroupRole.Node : Request.Instances[0].Role;

    public ClusterRef Cluster => new() { Name = Request.Cluster, StateStore = Request.StateStore, Rotation = Request.Rotation.Length > 0 ? Request.Rotation : Workflow.Info.WorkflowId };

    public IEnumerable<NodeWork> Stuck => Nodes.Where(n => n.IsStuck);

    public bool IsAtWork => Nodes.Exists(n => n.IsRunning);

    /// <summary>True when too many replacements are no good for another node to be begun: any before the first good one, or more than <see cref="RollOptions.MaxFailures"/>.</summary>
    public bool IsTripped
    {
        get
        {
            int failed = Nodes.Count(n => n.Entry.Stage == NodeStage.Failed) - _forgiven;
            int begun = Done + Nodes.Count(n => n.Entry.HoldsPlace);
            return failed > (Scheduler.CanaryDone && Role == InstanceGroupRole.Node ? RollRules.Read(Request.Roll.MaxFailures, begun) ?? 0 : 0);
        }
    }

    /// <summary>Closes the breaker: what is no good now counts no more.</summary>
    public void Forgive() => _forgiven = Nodes.Count(n => n.Entry.Stage == NodeStage.Failed);

    public void Report(NodeWork node, NodeStage stage)
    {
        Scheduler.Report(node.Entry, stage);
        if (stage == NodeStage.Done)
            Done++;
        if (stage == NodeStage.Done && node.IsForced)
            _forced.Add(node.Id);
        _forgiven = Math.Min(_forgiven, Nodes.Count(n => n.Entry.Stage == NodeStage.Failed));
    }

    public NodeWork WorkOf(NodeEntry entry) => Nodes.Find(n => n.Entry == entry)!;

    public RollResult ToResult(bool stopped) => new()
    {
        NodesRolled = Done,
        Stopped = stopped,
        Parked = IdsIn(NodeStage.Parked),
        Failed = IdsIn(NodeStage.Failed),
        Skipped = IdsIn(NodeStage.Skipped),
        Forced = _forced,
    };

    /// <summary>The request of the next run: everything that is known, those that are done left out.</summary>
    public RollInstanceGroupRequest Next(bool paused, bool stopped, int message) => Request with
    {
        Progress = new()
        {
            Nodes = [.. Nodes.Where(n => n.Entry.Stage != NodeStage.Done).Select(n => n.ToProgress())],
            Done = Done,
            Removed = Removed,
            CanaryDone = Scheduler.CanaryDone,
            Paused = paused,
            Stopped = stopped,
            Message = message,
            Grant = Scheduler.Grant,
            Forced = _forced,
        },
    };

    private string[] IdsIn(NodeStage stage) => [.. Nodes.Where(n => n.Entry.Stage == stage).Select(n => n.Id)];
}
