using Rotation.Lab.Simulation;
using Rotation.Workflows.Rolls;

namespace Rotation.Bench.Makespan;

/// <summary>
/// Our order on a simulated cluster: the product's own <see cref="RollScheduler"/> says what may go, and each move takes what its activities take. A node whose pods
/// cannot be evicted in time is given back and tried once more at the end, as the workflow does.
/// </summary>
/// <param name="cluster">The cluster.</param>
/// <param name="scheduler">Over nodes whose ids are those of the cluster.</param>
/// <param name="habits">What the activities do; other than the default only to see that the checker finds it.</param>
public sealed class OurOrder(SimCluster cluster, RollScheduler scheduler, OurHabits habits)
{
    private readonly Dictionary<string, SimNode> _nodes = cluster.Nodes.ToDictionary(n => n.Id, StringComparer.Ordinal);
    private readonly List<NodeEntry> _parked = [];
    private readonly TaskCompletionSource _end = new();
    private int _running;
    private bool _triedAgain;

    /// <summary>Nodes whose replacement did not come; the roll would wait for a person.</summary>
    public int Failed { get; private set; }

    /// <summary>Nodes that could not be drained, twice.</summary>
    public int Parked => _parked.Count;

    /// <summary>Rolls until nothing more may be done.</summary>
    public Task RunAsync()
    {
        Begin();
        return _end.Task;
    }

    private void Begin()
    {
        foreach (RollMove move in scheduler.Next())
        {
            _running++;
            _ = MoveAsync(move);
        }

        if (_running > 0)
            return;
        if (_triedAgain || _parked.Count == 0)
        {
            _end.TrySetResult();
            return;
        }

        _triedAgain = true;
        foreach (NodeEntry node in _parked)
            scheduler.Report(node, NodeStage.Waiting);
        _parked.Clear();
        Begin();
    }

    private async Task MoveAsync(RollMove move)
    {
        try
        {
            SimNode node = _nodes[move.Node.Id];
            End(move.Node, move.Kind switch
            {
                RollMoveKind.Surge => await SurgeAsync(node).ConfigureAwait(false),
                RollMoveKind.Leave => await LeaveAsync(node).ConfigureAwait(false) ?? NodeStage.Done,
                _ => await LeaveAsync(node).ConfigureAwait(false) ?? await ArrivesAsync(node, NodeStage.Done).ConfigureAwait(false),
            });
        }
        catch (Exception e)
        {
            // A defect of the simulation: whoever runs it gets it.
            _end.TrySetException(e);
        }
    }

    private void End(NodeEntry node, NodeStage stage)
    {
        if (stage == NodeStage.Parked)
            _parked.Add(node);
        if (stage == NodeStage.Failed)
            Failed++;
        _running--;
        scheduler.Report(node, stage);
        Begin();
    }

    private async Task<NodeStage> SurgeAsync(SimNode node)
    {
        await cluster.Time.DelayAsync(cluster.Spec.CloudCall).ConfigureAwait(false);
        cluster.Detach(node);
        return await ArrivesAsync(node, NodeStage.Replaced).ConfigureAwait(false);
    }

    // Null when it has gone.
    private async Task<NodeStage?> LeaveAsync(SimNode node)
    {
        if (habits.Drains)
        {
            cluster.Cordon(node);
            if (!await cluster.EvictAsync(node, habits.Poll, habits.Poll, habits.DrainTimeout, habits.GuardsReplicas).ConfigureAwait(false))
            {
                cluster.Cordon(node, cordoned: false);
                return NodeStage.Parked;
            }
        }

        await cluster.Time.DelayAsync(cluster.Spec.CloudCall).ConfigureAwait(false);
        cluster.Terminate(node);
        return null;
    }

    private async Task<NodeStage> ArrivesAsync(SimNode node, NodeStage then)
    {
        await Task.WhenAny(cluster.WhenAsync(() => node.Replacement!.Ready), cluster.Time.DelayAsync(habits.ValidationTimeout)).ConfigureAwait(false);
        if (!node.Replacement!.Ready)
            return NodeStage.Failed;
        // It is seen at the next look, and must validate in all of the next ones.
        await cluster.Time.DelayAsync(habits.Poll * habits.ValidateCount).ConfigureAwait(false);
        return then;
    }
}
