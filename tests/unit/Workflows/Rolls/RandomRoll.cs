using Rotation.Workflows.Contracts;
using Rotation.Workflows.Rolls;

namespace Rotation.Tests.Unit.WorkflowRules.Rolls;

/// <summary>A cluster made up at random, rolled in a random order of ends, with parked nodes that come back; checks every limit after every move.</summary>
internal sealed class RandomRoll
{
    private readonly Random _random;
    private readonly int _budget;
    private readonly RollScheduler _scheduler;
    private readonly Dictionary<string, IReadOnlyCollection<string>> _replicas = [];
    private readonly Dictionary<NodeEntry, RollMoveKind> _moves = [];

    public RandomRoll(Random random)
    {
        _random = random;
        _budget = random.Next(1, 20);
        Groups =
        [
            .. Enumerable.Range(0, random.Next(0, 3)).Select(i => Make($"master-{i}", InstanceGroupRole.ControlPlane, GroupPolicy.OneByOne, 1)),
            .. Enumerable.Range(0, random.Next(1, 6)).Select(i => Make($"nodes-{i}", InstanceGroupRole.Node, Policy(), random.Next(1, 30))),
        ];
        _scheduler = new(Groups, _budget, random.Next(4) > 0, _replicas);
    }

    public RollGroup[] Groups { get; }

    public List<string> Violations { get; } = [];

    public void Run()
    {
        while (!_scheduler.IsAtEnd)
        {
            foreach (RollMove move in _scheduler.Next())
                _moves[move.Node] = move.Kind;
            Check();
            if (_moves.Count == 0)
            {
                Violations.Add("nothing is begun and nothing may begin");
                return;
            }

            End();
        }
    }

    private void End()
    {
        (NodeEntry node, RollMoveKind kind) = _moves.ElementAt(_random.Next(_moves.Count));
        _moves.Remove(node);
        _scheduler.Report(node, kind == RollMoveKind.Surge ? NodeStage.Replaced : NodeStage.Done);
        if (kind != RollMoveKind.Surge && _random.Next(20) == 0)
        {
            _scheduler.Report(node, NodeStage.Parked);
            _scheduler.Report(node, NodeStage.Waiting);
        }
    }

    private void Check()
    {
        NodeEntry[] begun = [.. Groups.Where(g => g.Role == InstanceGroupRole.Node).SelectMany(g => g.Nodes).Where(n => n.HoldsPlace)];
        Expect(begun.Length <= _budget, $"{begun.Length} begun, budget {_budget}");
        Expect(Groups.Where(g => g.Role != InstanceGroupRole.Node).SelectMany(g => g.Nodes).Count(n => n.HoldsPlace) <= 1, "two of the control plane");
        foreach (RollGroup group in Groups)
        {
            Expect(Count(group, NodeStage.Away) <= group.Policy.Unavailable, $"{group.Name} serves with too few");
            Expect(Count(group, NodeStage.Ahead) + Count(group, NodeStage.Replaced) <= Math.Max(1, group.Policy.Surge), $"{group.Name} has too many ahead");
            Expect(Count(group, NodeStage.Leaving) <= Math.Max(1, group.Policy.Surge), $"{group.Name} has too many leaving");
            foreach (var zone in group.Nodes.GroupBy(n => n.Zone))
                Expect(zone.Count(n => n.HoldsPlace) <= ((group.Policy.AtOnce * zone.Count()) + group.Nodes.Count - 1) / group.Nodes.Count, $"{group.Name} has too many in {zone.Key}");
        }

        string[] away = [.. Groups.SelectMany(g => g.Nodes).Where(n => n.Stage is NodeStage.Away or NodeStage.Leaving).SelectMany(n => _replicas.GetValueOrDefault(n.Id, []))];
        Expect(away.Distinct().Count() == away.Length, "two replicas of one StatefulSet");
    }

    private static int Count(RollGroup group, NodeStage stage) => group.Nodes.Count(n => n.Stage == stage);

    private void Expect(bool holds, string otherwise)
    {
        if (!holds)
            Violations.Add(otherwise);
    }

    private GroupPolicy Policy()
    {
        int surge = _random.Next(0, 4);
        return new(surge, _random.Next(surge == 0 ? 1 : 0, 4));
    }

    private RollGroup Make(string name, InstanceGroupRole role, GroupPolicy policy, int size)
    {
        NodeEntry[] nodes = [.. Enumerable.Range(0, size).Select(i => new NodeEntry($"{name}-{i}", $"z{_random.Next(3)}", detached: role == InstanceGroupRole.Node && _random.Next(15) == 0))];
        foreach (NodeEntry node in nodes.Where(_ => _random.Next(3) == 0))
            _replicas[node.Id] = [$"set-{_random.Next(4)}"];
        return new(name, role, policy, nodes);
    }
}
