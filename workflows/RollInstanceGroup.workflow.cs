using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Locks;
using Rotation.Workflows.Policies;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Rolls;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Replaces the instances of one instance group: the first alone, as a canary, then as many at once as the group's limits and the cluster's budget let; the
/// control plane strictly one by one. Started by itself it holds the cluster's lock, as <see cref="RollCluster"/> does. Pausing, stopping and cancelling end at a node's boundary: a node that was begun is finished. Continues as new in the midst
/// of nodes: the next run begins their current actions again, which find what was done.
/// </summary>
[Workflow]
public sealed partial class RollInstanceGroup
{
    private readonly GroupMessenger _messenger;
    private readonly WindowGuard _window;
    private GroupState _state;
    private NodeRunner _runner;
    private bool _paused;
    private bool _stopped;
    private string? _held;
    private int _changes;

    /// <summary>Prepares what signals and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public RollInstanceGroup(RollInstanceGroupRequest request)
    {
        _state = new(request);
        _runner = new(_state);
        _messenger = new(request.Progress?.Message ?? 0);
        _window = new(request.Window);
        (_paused, _stopped) = (request.Progress?.Paused ?? false, request.Progress?.Stopped ?? false);
    }

    /// <summary>Replaces the instances. Fails with the error type of the node that failed, with what was done as a detail.</summary>
    [WorkflowRun]
    public async Task<RollResult> RunAsync(RollInstanceGroupRequest request)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        RequestRules.ThrowIfAny(RequestRules.ProblemsOf(request));
        // Whoever rolls the cluster holds its lock.
        if (Workflow.Info.Parent is not null)
            return await RollGroupAsync();

        var lease = new ClusterLease(request.Cluster, request.StateStore, $"rolls {request.InstanceGroup}");
        await lease.TakeAsync(LockReaction.Refuse, (_, _) => Task.CompletedTask);
        bool goesOn = false;
        try
        {
            return await RollGroupAsync();
        }
        catch (ContinueAsNewException)
        {
            goesOn = true;
            throw;
        }
        finally
        {
            await (goesOn ? lease.HandOverAsync() : lease.GiveBackAsync());
        }
    }

    private bool MustEnd => _stopped || Workflow.CancellationToken.IsCancellationRequested;

    private async Task<RollResult> RollGroupAsync()
    {
        if (_state.Request.Progress is null)
            await PrepareAsync();
        foreach (NodeWork node in _state.Nodes.Where(n => n.Entry.Stage is NodeStage.Ahead or NodeStage.Leaving or NodeStage.Away))
            Start(node);
        await RollAsync();

        RollResult result = _state.ToResult(stopped: MustEnd && _state.Nodes.Exists(n => n.Entry.Stage is not (NodeStage.Done or NodeStage.Skipped)));
        await TakeTaintsBackAsync();
        return result.Stopped || !_state.Stuck.Any() ? result : throw Failed(result);
    }

    private async Task PrepareAsync()
    {
        if (_state.Request.Instances.Count == 0)
            _runner = new(_state = new(await FindAsync(_state.Request)));
        if (!_state.Request.CloudOnly && _state.Role == InstanceGroupRole.Node && _state.Nodes.Count > 0)
            await _runner.TaintAsync([.. _state.Nodes.Select(n => n.Id)], remove: false);
    }

    private async Task RollAsync()
    {
        while (true)
        {
            (int seen, bool ended) = (_changes, MustEnd);
            await _messenger.TellAsync(_state, _held);
            if (Workflow.CurrentHistoryLength > _state.Request.ContinueAfter || Workflow.ContinueAsNewSuggested)
                await ContinueAsync();
            await _window.LookAsync();
            Begin();
            if (IsAtEnd())
                return;
            Show();
            await _window.WaitAsync(() => _changes != seen || MustEnd != ended);
        }
    }

    /// <summary>Begins what may be begun. What is half done is always finished: a node whose replacement serves goes.</summary>
    private void Begin()
    {
        bool onlyFinish = _paused || _window.IsClosed || MustEnd || _held is not null || _state.IsTripped;
        while ((onlyFinish ? _state.Scheduler.NextLeave() : _state.Scheduler.Next()) is { } move)
        {
            NodeWork node = _state.WorkOf(move.Node);
            node.Attempts += move.Kind == RollMoveKind.Leave ? 0 : 1;
            Start(node);
        }
    }

    private void Start(NodeWork node)
    {
        node.IsRunning = true;
        _ = ReplaceAsync(node);
    }

    private async Task ReplaceAsync(NodeWork node)
    {
        try
        {
            _state.Report(node, await _runner.RunAsync(node));
        }
        catch (FailureException e)
        {
            await GiveUpAsync(node, e);
        }
        finally
        {
            node.IsRunning = false;
            _changes++;
        }
    }

    private async Task GiveUpAsync(NodeWork node, FailureException failure)
    {
        bool park = Failures.TypeOf(failure) == RotationErrors.DrainTimedOut;
        node.Blame(Failures.TypeOf(failure), Failures.Describe(failure));
        try
        {
            // It serves on; one whose replacement serves is not needed, and stays as it is.
            if (park && !node.Entry.Detached)
                await _runner.UncordonAsync(node);
        }
        catch (FailureException e)
        {
            park = false;
            node.Blame(Failures.TypeOf(e), Failures.Describe(e));
        }

        if (park)
            node.Enter(NodeStep.None);
        // Among the control plane nothing goes on beside a node that cannot be drained.
        _state.Report(node, park && node.Instance.Role == InstanceGroupRole.Node ? NodeStage.Parked : NodeStage.Failed);
    }

    /// <summary>True when nothing is left to do, or nothing that it can do. Where that is for a person to say, it begins to hold.</summary>
    private bool IsAtEnd()
    {
        if (_state.IsAtWork)
            return false;
        if (MustEnd)
            return true;
        bool open = _state.Nodes.Exists(n => n.Entry.Stage is NodeStage.Waiting or NodeStage.Replaced);
        if (!open && !_state.Stuck.Any())
            return true;
        if (_paused || _held is not null || !_state.Stuck.Any() || _messenger.AwaitsBudget || TryAgain())
            return false;
        if (_state.Request.Roll.OnFailure == RollReaction.Fail)
            return true;
        _held = string.Join("; ", _state.Stuck.Select(n => $"{n.Id}: {n.Reason}"));
        _changes++;
        return false;
    }

    /// <summary>What was in the way may have gone: everything is asked once more before a person is.</summary>
    private bool TryAgain()
    {
        NodeWork[] again = _state.IsTripped ? [] : [.. _state.Stuck.Where(n => n.Attempts < 2)];
        foreach (NodeWork node in again)
            Again(node);
        return again.Length > 0;
    }

    private void Again(NodeWork node)
    {
        _changes++;
        if (node.Entry.Stage == NodeStage.Failed && node.Step != NodeStep.None)
        {
            _state.Report(node, node.StageOfStep);
            node.Attempts++;
            Start(node);
            return;
        }

        _state.Report(node, NodeStage.Waiting);
    }

    private async Task<RollInstanceGroupRequest> FindAsync(RollInstanceGroupRequest request)
    {
        var input = new FleetInput { Cluster = _state.Cluster, CloudOnly = request.CloudOnly };
        InstanceList found = await Workflow.ExecuteActivityAsync((INodeActivities a) => a.ReadFleetAsync(input), ActivityProfiles.Read("reads the instances"));
        var cluster = new RollClusterRequest { Cluster = request.Cluster, InstanceGroups = [request.InstanceGroup], Force = request.Force };
        return RollPlan.Of(cluster, found) is [{ } group] ? request with { Instances = group.Instances, GroupSize = group.Size, Old = group.Old } : request;
    }

    private async Task TakeTaintsBackAsync()
    {
        string[] left = [.. _state.Nodes.Where(n => n.Entry.Stage != NodeStage.Done).Select(n => n.Id)];
        if (left.Length == 0 || _state.Request.CloudOnly || _state.Role != InstanceGroupRole.Node)
            return;
        try
        {
            await _runner.TaintAsync(left, remove: true);
        }
        catch (FailureException e)
        {
            RollLog.TaintsLeft(Workflow.Logger, _state.Request.InstanceGroup, e.Message);
        }
    }

    private async Task ContinueAsync()
    {
        // Nothing is lost by going on in the next run; least is done twice while all there is to do is to wait.
        bool waits = _state.Nodes.TrueForAll(n => !n.IsRunning || n.Step is NodeStep.AwaitAhead or NodeStep.AwaitAfter);
        if (!waits && Workflow.CurrentHistoryLength < _state.Request.ContinueAfter * 5 / 4)
            return;
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished, CancellationToken.None);
        RollInstanceGroupRequest next = _state.Next(_paused, _stopped, _messenger.Message);
        throw Workflow.CreateContinueAsNewException((RollInstanceGroup w) => w.RunAsync(next));
    }

    private ApplicationFailureException Failed(RollResult result)
    {
        NodeWork first = _state.Stuck.First();
        string others = _state.Stuck.Count() > 1 ? $" (and {_state.Stuck.Count() - 1} more)" : "";
        return new($"Instance group '{_state.Request.InstanceGroup}', {result.NodesRolled} replaced: {first.Id}{others}: {first.Reason}", first.ErrorType, nonRetryable: true, details: [result]);
    }

    private void Show() => Workflow.CurrentDetails = RollText.Of(_state, _held, _paused || _window.IsClosed);
}
