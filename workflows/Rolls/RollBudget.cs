namespace Rotation.Workflows.Rolls;

/// <summary>How many nodes each instance group may have begun at once, so that all together keep within the cluster's budget. Pure.</summary>
internal static class RollBudget
{
    /// <summary>
    /// Shares out a budget: one for each group in order while there is any, the rest in proportion to what groups have left, never more than a group has left or wants.
    /// Groups with 0 wait.
    /// </summary>
    /// <param name="budget">Nodes in all.</param>
    /// <param name="left">Nodes that each group has left to replace.</param>
    /// <param name="wanted">Nodes that each group may have begun by its own limits.</param>
    /// <param name="held">Nodes that each group has been given before; default none. They are not in the result.</param>
    public static IReadOnlyList<int> Share(int budget, IReadOnlyList<int> left, IReadOnlyList<int> wanted, IReadOnlyList<int>? held = null)
    {
        int[] shares = held is null ? new int[left.Count] : [.. held];
        int[] most = [.. left.Select((l, i) => Math.Max(0, Math.Min(l, wanted[i])))];
        for (int spent = 0; spent < budget; spent++)
        {
            int next = Neediest(left, most, shares);
            if (next < 0)
                break;
            shares[next]++;
        }

        return held is null ? shares : [.. shares.Select((s, i) => s - held[i])];
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
