using System.Collections.Concurrent;
using Rotation.Activities.Clusters;
using Rotation.Activities.Hosting;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Nodes;

/// <summary>
/// Reads clusters for those who wait for nodes. Everybody who asks within one poll shares one reading: a hundred nodes that are waited for cost the cloud and the API no more
/// than one.
/// </summary>
internal sealed class ClusterViews(ICloud cloud, KubernetesNodes nodes, ClusterSpecs specs, RotationOptions options, TimeProvider clock)
{
    private readonly ConcurrentDictionary<(string, string?), (long At, Lazy<Task<ClusterView>> Reading)> _shared = new();
    private readonly ConcurrentDictionary<(string, string?), IReadOnlyDictionary<string, InstanceGroupRole>> _roles = new();

    /// <summary>A reading that began after the call, or at most one poll before it.</summary>
    public Task<ClusterView> SharedAsync(ClusterRef cluster, CancellationToken ct)
    {
        (string, string?) key = (cluster.Name, cluster.StateStore);
        var mine = (At: clock.GetTimestamp(), Reading: new Lazy<Task<ClusterView>>(() => ReadAsync(cluster, CancellationToken.None)));
        var used = _shared.AddOrUpdate(key, mine, (_, last) => clock.GetElapsedTime(last.At, mine.At) < options.Deadlines.Poll && !last.Reading.Value.IsFaulted ? last : mine);
        return used.Reading.Value.WaitAsync(ct);
    }

    /// <summary>A reading of this moment.</summary>
    public async Task<ClusterView> ReadAsync(ClusterRef cluster, CancellationToken ct)
    {
        Task<IReadOnlyList<CloudGroup>> groups = cloud.GroupsAsync(cluster, ct);
        IReadOnlyDictionary<string, InstanceGroupRole> roles = await RolesAsync(cluster, ct).ConfigureAwait(false);
        string health = await nodes.ReadyzAsync(cluster, ct).ConfigureAwait(false);
        if (health.Length > 0)
            return new(await groups.ConfigureAwait(false), roles, [], [], health);
        var joined = await nodes.NodesAsync(cluster, ct).ConfigureAwait(false);
        var system = await nodes.PodsAsync(cluster, null, "kube-system", ct).ConfigureAwait(false);
        return new(await groups.ConfigureAwait(false), roles, [.. joined], [.. system], health);
    }

    /// <summary>Roles of the instance groups. A group never changes its role, so that they are asked for once, and again when there is one that is not known.</summary>
    public async Task<IReadOnlyDictionary<string, InstanceGroupRole>> RolesAsync(ClusterRef cluster, CancellationToken ct, string? mustKnow = null)
    {
        (string, string?) key = (cluster.Name, cluster.StateStore);
        if (_roles.TryGetValue(key, out var known) && (mustKnow is null || known.ContainsKey(mustKnow)))
            return known;
        IReadOnlyList<InstanceGroupFacts> groups = await specs.GroupsAsync(cluster, ct).ConfigureAwait(false);
        return _roles[key] = groups.ToDictionary(g => g.Name, g => g.Role, StringComparer.Ordinal);
    }
}
