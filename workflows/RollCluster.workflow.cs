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
public sealed partial class RollCluster
{
    private static readonly TimeSpan ValidationPause = TimeSpan.FromSeconds(5);

    private readonly RollClusterRequest _request;
    private IReadOnlyList<GroupRun> _groups = [];
    private RollPlanView _plan = new();
    private ChildWorkflowFailureException? _failure;
    private RollResult _result = new();
    private bool _paused;
    private bool _stopped;
    private bool _ended;
    private int _changes;

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
        if (request.Rotation.Length > 0 || request.PlanOnly)
            return await RollAsync(cluster);

        // A rotation that rolls holds the lock already.
        var lease = new ClusterLease(request.Cluster, request.StateStore, "rolls nodes");
        await lease.TakeAsync(LockReaction.Refuse, (_, _) => Task.CompletedTask);
        try
        {
            return await RollAsync(cluster);
        }
        finally
        {
            await lease.GiveBackAsync();
        }
    }

    private bool MustEnd => _stopped || Workflow.CancellationToken.IsCancellationRequested;

    private async Task<RollResult> RollAsync(ClusterRef cluster)
    {
        var hold = new ScaleDownHold(cluster);
        if (_request.Roll.Engine == RollEngine.Kops)
            return await RollWithKopsAsync(cluster, hold);

        var input = new FleetInput { Cluster = cluster, CloudOnly = _request.CloudOnly };
        InstanceList found = await Workflow.ExecuteActivityAsync((INodeActivities a) => a.ReadFleetAsync(input), ActivityProfiles.Read("reads the instances"));
        IReadOnlyList<GroupPlan> groups = RollPlan.Of(_request, found);
        int budget = RollRules.AtLeastOne(_request.Roll.ClusterBudget, found.Instances.Count(i => i.Role == InstanceGroupRole.Node));
        _plan = RollPlan.View(_request, groups, budget);
        _groups = [.. groups.Select(g => new GroupRun(g))];
        Show();
        if (_request.PlanOnly || groups.Count == 0)
            return _result;

        if (!_request.CloudOnly && !_request.Force)
            await ValidateAsync(cluster);
        try
        {
            if (!_request.CloudOnly && groups.Any(g => g.Role == InstanceGroupRole.Node))
                await hold.TakeAsync();
            await RollGroupsAsync(budget);
        }
        finally
        {
            _result = _result with { ScaleDownHeld = !await hold.GiveBackAsync() };
        }

        return _failure is null
            ? _result
            : throw new ApplicationFailureException($"{Failures.RootOf(_failure).Message}; {_result.NodesRolled} instances were replaced.", Failures.TypeOf(_failure), nonRetryable: true, details: [_result]);
    }

    private async Task RollGroupsAsync(int budget)
    {
        Task relay = RelayAsync();
        foreach (GroupRun run in _groups.Where(r => r.Plan.Role != InstanceGroupRole.Node))
        {
            await RollOneAsync(run, budget);
            NoteControlPlane(run);
        }

        GroupRun[] workers = [.. _groups.Where(r => r.Plan.Role == InstanceGroupRole.Node)];
        foreach (GroupRun[] sideBySide in _request.Roll.ParallelGroups ? [workers] : workers.Chunk(1).ToArray())
            await RollSharedAsync(sideBySide, budget);
        _ended = true;
        await relay;
    }

    private async Task RollOneAsync(GroupRun run, int budget)
    {
        await Workflow.WaitConditionAsync(() => !_paused || MustEnd || _failure is not null, CancellationToken.None);
        if (MustEnd || _failure is not null)
        {
            LeaveOut(run);
            return;
        }

        try
        {
            await GroupStarter.StartAsync(_request, run, budget);
            Show();
            Add(run, await run.Handle!.GetResultAsync());
        }
        catch (ChildWorkflowFailureException e)
        {
            _failure ??= e;
            Add(run, Failures.RollResultOf(e));
        }
        finally
        {
            run.Ended = true;
            _changes++;
            Show();
        }
    }

    private async Task RollSharedAsync(IReadOnlyList<GroupRun> runs, int budget)
    {
        var shared = new SharedGroups(runs, [.. runs.Select(r => RollPlan.PolicyOf(_request, r.Plan))], budget);
        List<Task> tasks = [];
        while (!shared.AllEnded)
        {
            (int seen, bool ends) = (_changes, MustEnd || _failure is not null);
            if (ends)
                foreach (GroupRun run in runs.Where(r => r.Handle is null && r.Share == 0 && !r.Ended))
                    LeaveOut(run);
            await shared.ShareAsync(run => tasks.Add(RollOneAsync(run, budget)));
            if (!shared.AllEnded)
                await Workflow.WaitConditionAsync(() => _changes != seen || (MustEnd || _failure is not null) != ends, CancellationToken.None);
        }

        await Workflow.WhenAllAsync(tasks);
    }

    private void LeaveOut(GroupRun run)
    {
        _result = _result with { Stopped = true };
        run.Ended = true;
        _changes++;
    }

    /// <summary>New workers can join again when every node of the control plane is new.</summary>
    private void NoteControlPlane(GroupRun run)
    {
        bool last = !_groups.Any(g => g.Plan.Role == InstanceGroupRole.ControlPlane && !g.Ended);
        if (_request.JoinsBlockedSince is { } since && run.Plan.Role == InstanceGroupRole.ControlPlane && last && _failure is null && !_result.Stopped)
            _result = _result with { JoinsBlocked = new KopsDuration(Workflow.UtcNow > since ? Workflow.UtcNow - since.UtcDateTime : TimeSpan.Zero) };
    }

    private async Task RelayAsync()
    {
        while (!_ended)
        {
            await Workflow.WaitConditionAsync(() => _ended || _groups.Any(r => r.IsBehind(_paused, MustEnd || _failure is not null)), CancellationToken.None);
            foreach (GroupRun run in _groups.Where(r => r.IsBehind(_paused, MustEnd || _failure is not null)).ToArray())
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

    private async Task<RollResult> RollWithKopsAsync(ClusterRef cluster, ScaleDownHold hold)
    {
        var input = new KopsRollInput { Cluster = cluster, InstanceGroups = _request.InstanceGroups, Roles = _request.Roles, Force = _request.Force, CloudOnly = _request.CloudOnly };
        try
        {
            if (!_request.CloudOnly)
                await hold.TakeAsync();
            KopsRollResult rolled = await Workflow.ExecuteActivityAsync((IKopsRollActivities a) => a.RollWithKopsAsync(input), ActivityProfiles.KopsRoll("kops rolling-update cluster --yes", input.Deadline.Value));
            _result = new() { NodesRolled = rolled.InstancesRolled };
        }
        finally
        {
            _result = _result with { ScaleDownHeld = !await hold.GiveBackAsync() };
        }

        return _result;
    }

    private void Add(GroupRun run, RollResult group)
    {
        run.Done = group.NodesRolled;
        _result = _result with
        {
            NodesRolled = _result.NodesRolled + group.NodesRolled,
            Stopped = _result.Stopped || group.Stopped,
            Parked = [.. _result.Parked, .. group.Parked],
            Failed = [.. _result.Failed, .. group.Failed],
            Skipped = [.. _result.Skipped, .. group.Skipped],
            Forced = [.. _result.Forced, .. group.Forced],
        };
    }

    private void Show() => Workflow.CurrentDetails = ClusterText.Of(_request.Cluster, GetStatus());
}
