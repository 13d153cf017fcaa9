using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Rolls;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// The rolling update of a cluster, in kOps' order: bastions, the control plane one by one, API servers, workers; worker groups side by side under the cluster's
/// budget where that is asked for. One child workflow an instance group. What an earlier roll did is not done again.
/// </summary>
[Workflow]
public sealed class RollCluster
{
    private static readonly TimeSpan ValidationPause = TimeSpan.FromSeconds(5);

    private readonly RollClusterRequest _request;
    private readonly List<GroupRun> _running = [];
    private ChildWorkflowFailureException? _failure;
    private RollResult _result = new();
    private IReadOnlyList<GroupPlan> _plan = [];
    private bool _paused;
    private bool _stopped;
    private bool _ended;

    /// <summary>Prepares what signals and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public RollCluster(RollClusterRequest request) => _request = request;

    /// <summary>Rolls. Fails with the error type of the group that failed, with what was done as a detail.</summary>
    [WorkflowRun]
    public async Task<RollResult> RunAsync(RollClusterRequest request)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        RequestRules.ThrowIfAny(RequestRules.ProblemsOf(request));
        var cluster = new ClusterRef { Name = request.Cluster, StateStore = request.StateStore, Rotation = request.Rotation.Length > 0 ? request.Rotation : Workflow.Info.WorkflowId };
        if (request.Rotation.Length > 0)
            return await RollAsync(request, cluster);

        // A rotation that rolls holds the lock already.
        var lease = new ClusterLease(request.Cluster, request.StateStore, "rolls nodes");
        await lease.TakeAsync(LockReaction.Refuse, (_, _) => Task.CompletedTask);
        try
        {
            return await RollAsync(request, cluster);
        }
        finally
        {
            await lease.GiveBackAsync();
        }
    }

    /// <summary>Begins no further node until resumed.</summary>
    [WorkflowSignal("pause")]
    public async Task PauseAsync() => _paused = true;

    /// <summary>Goes on.</summary>
    [WorkflowSignal("resume")]
    public async Task ResumeAsync() => _paused = false;

    /// <summary>Ends at the next node's boundary.</summary>
    [WorkflowSignal("stop")]
    public async Task StopAsync() => _stopped = true;

    /// <summary>How far it is.</summary>
    [WorkflowQuery("status")]
    public RollStatus GetStatus() => new() { Total = _plan.Sum(g => g.Instances.Count), Done = _result.NodesRolled, Doing = [.. _running.Select(r => r.Plan.Name)], Paused = _paused };

    private async Task<RollResult> RollAsync(RollClusterRequest request, ClusterRef cluster)
    {
        if (request.Roll.Engine == RollEngine.Kops)
            return await RollWithKopsAsync(cluster);

        InstanceList found = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadInstancesAsync(cluster), ActivityProfiles.Read("reads the instances"));
        _plan = RollPlan.Of(request, found);
        if (_plan.Count > 0 && !request.CloudOnly && !request.Force)
            await ValidateAsync(cluster);
        Task relay = RelayAsync();
        foreach (GroupPlan group in _plan.Where(g => g.Role != InstanceGroupRole.Node || !request.Roll.ParallelGroups))
            await RollOneAsync(new(group));
        if (request.Roll.ParallelGroups)
            await RollWorkersAsync([.. _plan.Where(g => g.Role == InstanceGroupRole.Node)], found.Instances.Count(i => i.Role == InstanceGroupRole.Node));
        _ended = true;
        await relay;
        return _failure is null
            ? _result
            : throw new ApplicationFailureException($"{Failures.RootOf(_failure).Message}; {_result.NodesRolled} instances were replaced.", Failures.TypeOf(_failure), nonRetryable: true, details: [_result]);
    }

    private bool MustEnd => _stopped || Workflow.CancellationToken.IsCancellationRequested;

    private async Task RollOneAsync(GroupRun run)
    {
        await Workflow.WaitConditionAsync(() => !_paused || MustEnd || _failure is not null, CancellationToken.None);
        if (MustEnd || _failure is not null)
        {
            _result = _result with { Stopped = true };
            run.Ended = true;
            return;
        }

        _running.Add(run);
        Show();
        try
        {
            await GroupStarter.StartAsync(_request, run);
            Add(await run.Handle!.GetResultAsync());
        }
        catch (ChildWorkflowFailureException e)
        {
            _failure ??= e;
            Add(Failures.RollResultOf(e));
        }
        finally
        {
            run.Ended = true;
            _running.Remove(run);
            Show();
        }
    }

    private async Task RollWorkersAsync(IReadOnlyList<GroupPlan> groups, int workers)
    {
        int budget = RollRules.AtLeastOne(_request.Roll.ClusterBudget, workers);
        List<GroupRun> open = [.. groups.Select(g => new GroupRun(g))];
        List<Task> tasks = [];
        while (open.Count > 0)
        {
            IReadOnlyList<int> shares = RollBudget.Share(budget, [.. open.Select(r => r.Plan.Instances.Count)], [.. open.Select(r => GroupLimits.Of(_request.Roll, r.Plan.Role, r.Plan.Size, _request.CloudOnly) is { } p ? p.Surge + p.Unavailable : 1)]);
            // What is taken from one group must have reached it before another gets it; groups never get less while they run, so that there is nothing to wait for.
            for (int i = 0; i < open.Count; i++)
                await GiveAsync(open[i], Math.Max(shares[i], open[i].Share), tasks);
            await Workflow.WaitConditionAsync(() => open.Any(r => r.Ended), CancellationToken.None);
            open.RemoveAll(r => r.Ended);
        }

        await Workflow.WhenAllAsync(tasks);
    }

    private async Task GiveAsync(GroupRun run, int share, List<Task> tasks)
    {
        if (share == 0 || run.Ended)
            return;
        if (run.Handle is not null || run.Share > 0)
        {
            await run.ShareAsync(share);
            return;
        }

        run.Share = share;
        tasks.Add(RollOneAsync(run));
    }

    private async Task RelayAsync()
    {
        while (!_ended)
        {
            await Workflow.WaitConditionAsync(() => _ended || _running.Exists(r => r.IsBehind(_paused, MustEnd || _failure is not null)), CancellationToken.None);
            foreach (GroupRun run in _running.ToArray())
                if (run.IsBehind(_paused, MustEnd || _failure is not null))
                    await run.TellAsync(_paused, MustEnd || _failure is not null);
        }
    }

    private async Task ValidateAsync(ClusterRef cluster)
    {
        DateTimeOffset end = Workflow.UtcNow + _request.Roll.ValidationTimeout.Value;
        while (true)
        {
            ValidationResult result = await Workflow.ExecuteActivityAsync((INodeActivities a) => a.ValidateClusterAsync(cluster), ActivityProfiles.Read("validates the cluster before the first node"));
            if (result.Findings.Count == 0)
                return;
            if (Workflow.UtcNow >= end)
                throw RotationErrors.Permanent(RotationErrors.ValidationFailed, $"The cluster does not validate, so no node was replaced: {string.Join("; ", result.Findings.Take(5))}.");
            await Workflow.DelayWithOptionsAsync(new(ValidationPause, result.Findings[0], CancellationToken.None));
        }
    }

    private async Task<RollResult> RollWithKopsAsync(ClusterRef cluster)
    {
        var input = new KopsRollInput { Cluster = cluster, InstanceGroups = _request.InstanceGroups, Force = _request.Force, CloudOnly = _request.CloudOnly };
        KopsRollResult rolled = await Workflow.ExecuteActivityAsync((IKopsRollActivities a) => a.RollWithKopsAsync(input), ActivityProfiles.KopsRoll("kops rolling-update cluster --yes", input.Deadline.Value));
        return new() { NodesRolled = rolled.InstancesRolled };
    }

    private void Add(RollResult group) => _result = new()
    {
        NodesRolled = _result.NodesRolled + group.NodesRolled,
        Stopped = _result.Stopped || group.Stopped,
        Parked = [.. _result.Parked, .. group.Parked],
    };

    private void Show() => Workflow.CurrentDetails = $"**{_request.Cluster}**: {_result.NodesRolled} of {_plan.Sum(g => g.Instances.Count)} replaced{(_running.Count > 0 ? $", rolling {string.Join(", ", _running.Select(r => r.Plan.Name))}" : "")}.";
}
