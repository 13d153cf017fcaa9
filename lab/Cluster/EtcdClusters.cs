namespace Rotation.Lab.Cluster;

/// <summary>
/// The etcd clusters of the control plane. A member counts when it runs and it and enough others trust each other: peers by
/// <c>etcd-peers-ca-*</c>, etcd-manager by <c>etcd-manager-ca-*</c>, each with certificates and bundles as of boot. Without a majority nothing answers.
/// </summary>
internal sealed class EtcdClusters(int memberCount, FaultBoard faults, EventLog log)
{
    private readonly Lock _lock = new();
    private readonly List<Instance> _running = [];
    private Dictionary<string, HashSet<string>> _quorums = [];
    private long _seenFaults;

    public int MemberCount => memberCount;

    public int Majority => (memberCount / 2) + 1;

    public void Join(Instance instance) => Change(() => _running.Add(instance));

    public void Leave(Instance instance) => Change(() => _running.Remove(instance));

    /// <summary>Looks again when a fault has come or gone.</summary>
    public void Refresh()
    {
        var version = faults.Version;
        if (Interlocked.Exchange(ref _seenFaults, version) != version)
            Change(() => { });
    }

    /// <summary>Whether the node's member of every etcd cluster belongs to a majority.</summary>
    public bool Serves(Instance instance)
    {
        lock (_lock)
            return _quorums.Count > 0 && _quorums.Values.All(q => q.Contains(instance.Id));
    }

    /// <summary>Members of a majority, by instance.</summary>
    public IReadOnlyList<string> Healthy(string cluster)
    {
        lock (_lock)
            return [.. _quorums.GetValueOrDefault(cluster) ?? []];
    }

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
            var clusters = _running.SelectMany(i => i.Node!.Material.EtcdClusters).Distinct().ToList();
            var before = _quorums.Count > 0 && _quorums.Values.All(q => q.Count > 0);
            _quorums = clusters.ToDictionary(c => c, Quorum, StringComparer.Ordinal);
            var after = _quorums.Count > 0 && _quorums.Values.All(q => q.Count > 0);
            if (before != after)
                log.Add(after ? LabEvents.EtcdQuorumBack : LabEvents.EtcdQuorumLost, $"{_running.Count} of {memberCount} members run");
        }
    }

    private HashSet<string> Quorum(string cluster)
    {
        var able = _running.Where(i => faults.Hits(LabFaultKind.EtcdMemberUnhealthy, i.Group.Name, i.Id) is null).ToList();
        var best = Subsets(able).Where(s => s.Count >= Majority && AllTrust(s, cluster)).MaxBy(s => s.Count);
        return best is null ? [] : best.Select(i => i.Id).ToHashSet(StringComparer.Ordinal);
    }

    // At most a handful of members: every subset is looked at.
    private static IEnumerable<List<Instance>> Subsets(List<Instance> members) =>
        Enumerable.Range(1, (1 << members.Count) - 1).Select(mask => members.Where((_, i) => (mask & (1 << i)) != 0).ToList());

    private static bool AllTrust(List<Instance> members, string cluster) =>
        members.All(a => members.All(b => Trusts(a.Node!.Material, b.Node!.Material, $"etcd-peers-ca-{cluster}")
            && Trusts(a.Node!.Material, b.Node!.Material, $"etcd-manager-ca-{cluster}")));

    private static bool Trusts(NodeMaterial a, NodeMaterial b, string keyset) =>
        !b.Authorities.TryGetValue(keyset, out var issuer) || (a.Bundles.TryGetValue(keyset, out var bundle) && bundle.Contains(issuer.Thumbprint));
}
