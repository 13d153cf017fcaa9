using Rotation.Workflows.Contracts;

namespace Rotation.Workflows.Rolls;

/// <summary>
/// Decides which nodes of a cluster may go now: bastions, the control plane and API servers one by one, then workers, their groups side by side under one budget.
/// Pure and deterministic; knows no time. The workflows make the same decisions with the same parts: <see cref="BudgetLedger"/> in <c>RollCluster</c>,
/// <see cref="GroupScheduler"/> in <c>RollInstanceGroup</c>.
/// </summary>
public sealed class RollScheduler
{
    private readonly IReadOnlyList<RollGroup> _groups;
    private readonly GroupScheduler[] _schedulers;
    private readonly BudgetLedger _ledger;
    private readonly IReadOnlyDictionary<string, IReadOnlyCollection<string>> _replicas;
    private readonly Dictionary<string, int> _groupOf = new(StringComparer.Ordinal);
    private readonly bool _parallel;
    private readonly int _budget;

    /// <summary>Takes groups in kOps' order.</summary>
    /// <param name="groups">The groups.</param>
    /// <param name="budget">Worker nodes of the cluster that may be begun at once, at least 1.</param>
    /// <param name="parallel">Worker groups side by side; otherwise group after group.</param>
    /// <param name="replicas">Names of the StatefulSets that have a replica on a node, by instance id: no two nodes with a name in common are drained at once. Default: none.</param>
    public RollScheduler(IReadOnlyList<RollGroup> groups, int budget, bool parallel = true, IReadOnlyDictionary<string, IReadOnlyCollection<string>>? replicas = null)
    {
        _groups = groups;
        _parallel = parallel;
        _budget = Math.Max(1, budget);
        _replicas = replicas ?? new Dictionary<string, IReadOnlyCollection<string>>();
        _schedulers = [.. groups.Select(g => new GroupScheduler(g.Policy, g.Nodes) { Grant = 0 })];
        _ledger = new(_budget, [.. groups.Select(g => g.Nodes.Count)], [.. groups.Select(_ => 0)]);
        for (int i = 0; i < groups.Count; i++)
            foreach (NodeEntry node in groups[i].Nodes)
                _groupOf[node.Id] = i;
    }

    /// <summary>True when no node waits or is begun: every one is done, parked or skipped.</summary>
    public bool IsAtEnd => _schedulers.All(s => s.Begun + s.Waiting == 0);

    /// <summary>Nodes begun and not yet at their end.</summary>
    public int Begun => _schedulers.Sum(s => s.Begun);

    /// <summary>Everything that may be done now, noted as begun.</summary>
    public IReadOnlyList<RollMove> Next()
    {
        List<RollMove> moves = [];
        foreach (int i in Active())
        {
            GroupScheduler group = _schedulers[i];
            while (group.Next(MayDrain) is { } move)
                moves.Add(move);
        }

        return moves;
    }

    /// <summary>
    /// Notes where a node is now: <see cref="NodeStage.Replaced"/> when the replacement started ahead of it serves, <see cref="NodeStage.Done"/>,
    /// <see cref="NodeStage.Parked"/> or <see cref="NodeStage.Failed"/>; <see cref="NodeStage.Waiting"/> to try a parked one again.
    /// </summary>
    public void Report(NodeEntry node, NodeStage stage) => _schedulers[_groupOf[node.Id]].Report(node, stage);

    private int[] Active()
    {
        int serial = Array.FindIndex(_schedulers, s => s.Begun + s.Waiting > 0 && !IsShared(_groups[Array.IndexOf(_schedulers, s)]));
        if (serial >= 0)
        {
            _schedulers[serial].Grant = _budget;
            return [serial];
        }

        int[] workers = [.. Enumerable.Range(0, _groups.Count).Where(i => IsShared(_groups[i]))];
        foreach (int i in workers)
            _ledger.Note(i, _schedulers[i].Need);
        _ledger.Share();
        foreach (int i in workers)
            _schedulers[i].Grant = _ledger.Grants[i];
        return workers;
    }

    private bool IsShared(RollGroup group) => _parallel && group.Role == InstanceGroupRole.Node;

    // A replica is away while its node is drained; then it runs elsewhere.
    private bool MayDrain(NodeEntry node)
    {
        if (!_replicas.TryGetValue(node.Id, out IReadOnlyCollection<string>? mine) || mine.Count == 0)
            return true;
        return !_schedulers.SelectMany(s => s.Nodes).Any(n => n.Stage is NodeStage.Leaving or NodeStage.Away && _replicas.TryGetValue(n.Id, out IReadOnlyCollection<string>? other) && other.Any(mine.Contains));
    }
}
