namespace Rotation.Workflows.Rolls;

/// <summary>
/// Who may have how many nodes begun, so that all together keep within the cluster's budget. A group gives back what it can use no more, and that
/// goes to those that can. Nothing is ever taken from a group that can use it. Pure.
/// </summary>
/// <param name="budget">Nodes in all, at least 1.</param>
/// <param name="left">Nodes that each group has to replace.</param>
/// <param name="wanted">Nodes that each group may have begun by its own limits.</param>
public sealed class BudgetLedger(int budget, IReadOnlyList<int> left, IReadOnlyList<int> wanted)
{
    private readonly int[] _left = [.. left];
    private readonly int[] _most = [.. left.Select((l, i) => Math.Min(l, wanted[i]))];
    private readonly int[] _grants = new int[left.Count];

    /// <summary>Nodes that each group may have begun; 0: it waits.</summary>
    public IReadOnlyList<int> Grants => _grants;

    /// <summary>Nodes that nobody can use.</summary>
    public int Free => budget - _grants.Sum();

    /// <summary>Notes how many places a group can use from now on; 0 when it has ended or waits for a person.</summary>
    public void Note(int group, int need)
    {
        _most[group] = Math.Max(0, need);
        _grants[group] = Math.Min(_grants[group], _most[group]);
    }

    /// <summary>Gives out what is free. Returns the groups that got more.</summary>
    public IReadOnlyList<int> Share()
    {
        IReadOnlyList<int> more = RollBudget.Share(Free, _left, _most, _grants);
        for (int i = 0; i < _grants.Length; i++)
            _grants[i] += more[i];
        return [.. Enumerable.Range(0, _grants.Length).Where(i => more[i] > 0)];
    }
}
