namespace Rotation.Workflows.Rolls;

/// <summary>How many nodes each instance group may have away at once, so that all together keep within the cluster's budget. Pure.</summary>
internal static class RollBudget
{
    /// <summary>
    /// Shares out a budget: one for each group in order while there is any, the rest in proportion to what groups have left, never more than a group has left or wants.
    /// Groups with 0 wait.
    /// </summary>
    /// <param name="budget">Nodes that may be away in all, at least 1.</param>
    /// <param name="left">Nodes that each group has left to replace.</param>
    /// <param name="wanted">Nodes that each group may have away by its own limits.</param>
    public static IReadOnlyList<int> Share(int budget, IReadOnlyList<int> left, IReadOnlyList<int> wanted)
    {
        int[] shares = new int[left.Count];
        int[] most = [.. left.Select((l, i) => Math.Max(0, Math.Min(l, wanted[i])))];
        for (int spent = 0; spent < budget; spent++)
        {
            int next = Neediest(left, most, shares);
            if (next < 0)
                break;
            shares[next]++;
        }

        return shares;
    }

    // The group that would take longest with what it has; ties go to the first, so that the outcome is the same at every replay.
    private static int Neediest(IReadOnlyList<int> left, int[] most, int[] shares)
    {
        int best = -1;
        for (int i = 0; i < most.Length; i++)
            if (shares[i] < most[i] && (best < 0 || (shares[i] == 0 && shares[best] > 0) || ((shares[i] == 0) == (shares[best] == 0) && (long)left[i] * Math.Max(1, shares[best]) > (long)left[best] * Math.Max(1, shares[i]))))
                best = i;
        return best;
    }
}
