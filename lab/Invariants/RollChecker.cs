namespace Rotation.Lab.Invariants;

/// <summary>
/// Reads a lab's event log and tells where a roll had more away than it may: per group, zone, cluster, control plane and StatefulSet, and where a
/// PodDisruptionBudget was broken. It believes the log only, never what the roll says of itself.
/// </summary>
public sealed class RollChecker
{
    private readonly RollLimits _limits;
    private readonly NodeCount _nodes = new();
    private readonly ReplicaCount _replicas = new();
    private readonly List<RollViolation> _violations = [];

    private RollChecker(RollLimits limits) => _limits = limits;

    /// <summary>Checks the events after <paramref name="began"/> (a <see cref="LabEvent.Sequence"/>), up to which the cluster was whole.</summary>
    public static IReadOnlyList<RollViolation> Check(IEnumerable<LabEvent> events, long began, RollLimits limits)
    {
        var checker = new RollChecker(limits);
        foreach (var each in events.OrderBy(e => e.Sequence))
            checker.Take(each, each.Sequence > began);
        return checker._violations;
    }

    private void Take(LabEvent each, bool during)
    {
        if (!during)
        {
            _nodes.Begin(each);
            _replicas.Take(each);
            return;
        }

        // Only what takes something away can break a rule; what breaks none now was there before.
        if (_nodes.Take(each))
            CheckNodes(each);
        if (_replicas.Take(each) && _replicas.Away(each.Owner!) > 1)
            Break("stateful-set", each, $"{_replicas.Away(each.Owner!)} pods of {each.Owner} are away");
        if (each.Kind == LabEvents.BudgetBroken)
            Break("disruption-budget", each, each.Detail);
    }

    private void CheckNodes(LabEvent each)
    {
        var group = each.Group!;
        var away = _nodes.Away(group);
        var allowed = _limits.ByGroup.GetValueOrDefault(group, _limits.OtherGroups);
        if (away > allowed)
            Break("group", each, $"{away} nodes of {group} are away, {allowed} may be");
        if (_limits.ByGroupAndZone is { } most && _nodes.Away(group, each.Zone ?? "") > most)
            Break("zone", each, $"{_nodes.Away(group, each.Zone ?? "")} nodes of {group} in {each.Zone} are away, {most} may be");
        if (_limits.ControlPlaneGroups.Contains(group))
        {
            var masters = _limits.ControlPlaneGroups.Sum(_nodes.Away);
            if (masters > 1)
                Break("control-plane", each, $"{masters} nodes of the control plane are away");
            return;
        }

        var all = _nodes.Groups.Except(_limits.ControlPlaneGroups).Sum(_nodes.Away);
        if (_limits.Budget is { } budget && all > budget)
            Break("budget", each, $"{all} nodes are away, {budget} may be");
    }

    private void Break(string rule, LabEvent each, string detail) => _violations.Add(new RollViolation(rule, each, detail));
}
