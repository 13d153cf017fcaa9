namespace Rotation.Lab.Invariants;

/// <summary>Which pods of each StatefulSet are away, by the event log: a pod is away from its end until one of its name is ready again.</summary>
internal sealed class ReplicaCount
{
    private readonly Dictionary<string, HashSet<string>> _ready = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _away = new(StringComparer.Ordinal);

    /// <summary>Takes an event; true when a ready pod of a StatefulSet went.</summary>
    public bool Take(LabEvent each)
    {
        if (each.Pod is null || each.Owner?.StartsWith("StatefulSet/", StringComparison.Ordinal) != true)
            return false;
        var ready = Of(_ready, each.Owner);
        var away = Of(_away, each.Owner);
        switch (each.Kind)
        {
            case LabEvents.PodReady:
                ready.Add(each.Pod);
                away.Remove(each.Pod);
                return false;
            case LabEvents.PodEvicted or LabEvents.PodDeleted or LabEvents.PodGone when ready.Remove(each.Pod):
                away.Add(each.Pod);
                return true;
            default:
                return false;
        }
    }

    public int Away(string owner) => Of(_away, owner).Count;

    private static HashSet<string> Of(Dictionary<string, HashSet<string>> sets, string owner)
    {
        if (!sets.TryGetValue(owner, out var found))
            sets[owner] = found = new(StringComparer.Ordinal);
        return found;
    }
}
