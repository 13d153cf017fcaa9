using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Rotation.Workflows.Procedures;
using Rotation.Workflows.Requests;
using Rotation.Workflows.Rolls;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Rotation.Workflows;

/// <summary>
/// Replaces the instances of one instance group: the first alone, as a canary, then as many at once as the group's limits and the cluster's budget let; the
/// control plane strictly one by one. Pausing, stopping and cancelling end at a node's boundary: a node that was begun is finished.
/// </summary>
[Workflow]
public sealed class RollInstanceGroup
{
    private const int LongestHistory = 7000;

    private readonly NodeReplacement _replacement;
    private readonly List<string> _atWork = [];
    private readonly List<InstanceState> _parked = [];
    private RollInstanceGroupRequest _request;
    private Queue<InstanceState> _left = new();
    private FailureException? _failure;
    private bool _canaryDone;
    private bool _paused;
    private bool _stopped;
    private int _budget;
    private int _done;

    /// <summary>Prepares what signals and queries may meet before the first line runs.</summary>
    [WorkflowInit]
    public RollInstanceGroup(RollInstanceGroupRequest request)
    {
        _request = request;
        _replacement = new(request);
        (_done, _canaryDone, _budget) = (request.DoneBefore, request.CanaryDone, request.Budget);
    }

    /// <summary>Replaces the instances. Fails with the error type of the node that failed, with what was done as a detail.</summary>
    [WorkflowRun]
    public async Task<RollResult> RunAsync(RollInstanceGroupRequest request)
    {
        _ = CancelWatch.WakeOnCancelAsync();
        RequestRules.ThrowIfAny(RequestRules.ProblemsOf(request));
        if (request.Instances.Count == 0)
            _request = request with { Instances = await FindAsync() };
        _left = new(_request.Instances);
        await DrainQueueAsync();
        if (_parked.Count > 0 && _failure is null && !MustEnd)
        {
            // What blocked their pods may have gone; asked once more before a person is.
            _left = new(_parked);
            _parked.Clear();
            await DrainQueueAsync();
        }

        var result = new RollResult { NodesRolled = _done, Stopped = MustEnd && _left.Count > 0, Parked = [.. _parked.Select(i => i.Id)] };
        return _failure is null && _parked.Count == 0 ? result : throw Failed(result);
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

    /// <summary>Changes how many nodes may be away at once by the cluster's budget; 0: no limit but the group's own.</summary>
    [WorkflowSignal("setBudget")]
    public async Task SetBudgetAsync(int budget) => _budget = budget;

    /// <summary>How far it is.</summary>
    [WorkflowQuery("status")]
    public RollStatus GetStatus() => new() { Total = _done + _atWork.Count + _left.Count + _parked.Count, Done = _done, Doing = [.. _atWork], Paused = _paused };

    private GroupPolicy _policy => GroupLimits.Of(_request.Roll, _request.Instances.All(i => i.Role == InstanceGroupRole.Node) ? InstanceGroupRole.Node : InstanceGroupRole.ControlPlane, Math.Max(_request.GroupSize, _request.Instances.Count), _request.CloudOnly);

    private bool MustEnd => _stopped || Workflow.CancellationToken.IsCancellationRequested;

    private async Task DrainQueueAsync()
    {
        while (_left.Count > 0 && _failure is null && !MustEnd)
        {
            await Workflow.WaitConditionAsync(() => MustEnd || _failure is not null || (!_paused && _atWork.Count < Limit()), CancellationToken.None);
            if (MustEnd || _failure is not null)
                break;
            if (Workflow.CurrentHistoryLength > LongestHistory || Workflow.ContinueAsNewSuggested)
                await ContinueAsync();
            else
                _ = ReplaceAsync(_left.Dequeue());
        }

        await Workflow.WaitConditionAsync(() => _atWork.Count == 0, CancellationToken.None);
    }

    private int Limit()
    {
        int own = _canaryDone ? _policy.Surge + _policy.Unavailable : 1;
        return _budget > 0 ? Math.Min(own, _budget) : own;
    }

    private async Task ReplaceAsync(InstanceState instance)
    {
        _atWork.Add(instance.Id);
        Show();
        try
        {
            await _replacement.RunAsync(instance, surge: _atWork.Count <= _policy.Surge);
            (_done, _canaryDone) = (_done + 1, true);
        }
        catch (FailureException e) when (Failures.TypeOf(e) == RotationErrors.DrainTimedOut && instance.Role == InstanceGroupRole.Node)
        {
            _parked.Add(instance);
        }
        catch (FailureException e)
        {
            _failure ??= e;
        }
        finally
        {
            _atWork.Remove(instance.Id);
            Show();
        }
    }

    private async Task<IReadOnlyList<InstanceState>> FindAsync()
    {
        var cluster = NodeReplacement.ClusterOf(_request);
        InstanceList found = await Workflow.ExecuteActivityAsync((IClusterActivities a) => a.ReadInstancesAsync(cluster), ActivityProfiles.Read("reads the instances"));
        var request = new RollClusterRequest { Cluster = _request.Cluster, InstanceGroups = [_request.InstanceGroup] };
        return RollPlan.Of(request, found) is [{ } group] ? group.Instances : [];
    }

    private async Task ContinueAsync()
    {
        await Workflow.WaitConditionAsync(() => _atWork.Count == 0, CancellationToken.None);
        if (_failure is not null || MustEnd)
            return;
        var next = _request with { Instances = [.. _left, .. _parked], DoneBefore = _done, CanaryDone = _canaryDone, Budget = _budget };
        throw Workflow.CreateContinueAsNewException((RollInstanceGroup w) => w.RunAsync(next));
    }

    private ApplicationFailureException Failed(RollResult result)
    {
        string type = _failure is null ? RotationErrors.DrainTimedOut : Failures.TypeOf(_failure);
        string why = _failure is null ? $"pods of {string.Join(", ", result.Parked)} could not be evicted, twice" : Failures.Describe(_failure);
        return new($"Instance group '{_request.InstanceGroup}', {result.NodesRolled} replaced: {why}", type, nonRetryable: true, details: [result]);
    }

    private void Show() => Workflow.CurrentDetails =
        $"**{_request.InstanceGroup}**: {_done} replaced, {_left.Count} to go{(_atWork.Count > 0 ? $", at work: {string.Join(", ", _atWork)}" : "")}{(_parked.Count > 0 ? $", parked: {string.Join(", ", _parked.Select(p => p.Id))}" : "")}.";
}
