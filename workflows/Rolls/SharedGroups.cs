namespace Rotation.Workflows.Rolls;

/// <summary>Gives worker groups that go side by side their parts of the cluster's budget, and what some can use no more to those that can.</summary>
internal sealed class SharedGroups(IReadOnlyList<GroupRun> runs, IReadOnlyList<GroupPolicy> policies, int budget)
{
    private readonly BudgetLedger _ledger = new(budget, [.. runs.Select(r => r.Plan.Instances.Count)], [.. policies.Select(p => p.AtOnce)]);
    private readonly int[] _seen = new int[runs.Count];

    /// <summary>True when every group has ended.</summary>
    public bool AllEnded => runs.All(r => r.Ended);

    /// <summary>
    /// Takes what groups have told and gives out what is free. A group's first part starts it. The parts never exceed the budget: a group uses less before it says so.
    /// </summary>
    public async Task ShareAsync(Action<GroupRun> start)
    {
        for (int i = 0; i < runs.Count; i++)
        {
            if (runs[i].Ended)
                _ledger.Note(i, 0);
            else if (runs[i].Note is { } note && note.Message > _seen[i])
                _ledger.Note(i, note.Need);
            _seen[i] = runs[i].Note?.Message ?? 0;
        }

        IReadOnlyList<int> more = _ledger.Share();
        foreach (int i in more)
        {
            bool running = runs[i].Handle is not null || runs[i].Share > 0;
            if (running)
                await runs[i].ShareAsync(_ledger.Grants[i]);
            runs[i].Share = _ledger.Grants[i];
            if (!running)
                start(runs[i]);
        }
    }
}
