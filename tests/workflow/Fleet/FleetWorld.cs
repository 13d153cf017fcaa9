using System.Collections.Concurrent;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fleet;

/// <summary>The clusters of scripted rotations: which are at work, which were rotated when, and how old their keysets are.</summary>
public sealed class FleetWorld : IClusterActivities
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _born = new();
    private readonly HashSet<string> _atWork = [];

    /// <summary>Starts in order.</summary>
    public ConcurrentQueue<(string Cluster, DateTimeOffset At)> Begun { get; } = new();

    /// <summary>How many were at work at once at most.</summary>
    public int MostAtOnce { get; private set; }

    public void Born(string cluster, DateTimeOffset at) => _born[cluster] = at;

    [Activity]
    public Task BeginAsync(string cluster, DateTimeOffset now)
    {
        Begun.Enqueue((cluster, now));
        lock (_atWork)
        {
            _atWork.Add(cluster);
            MostAtOnce = Math.Max(MostAtOnce, _atWork.Count);
        }

        return Task.CompletedTask;
    }

    [Activity]
    public Task EndAsync(string cluster, DateTimeOffset now)
    {
        lock (_atWork)
            _atWork.Remove(cluster);
        _born[cluster] = now;
        return Task.CompletedTask;
    }

    [Activity]
    public Task<KeysetList> ReadKeysetsAsync(ClusterRef cluster)
    {
        if (!_born.TryGetValue(cluster.Name, out DateTimeOffset born))
            throw RotationErrors.Permanent(RotationErrors.ClusterNotFound, $"no cluster {cluster.Name}");
        var primary = new KeypairState { Id = "1", NotBefore = born, NotAfter = born.AddDays(3650) };
        return Task.FromResult(new KeysetList([new KeysetState { Name = "kubernetes-ca", PrimaryId = "1", Keypairs = [primary] }]));
    }

    [Activity]
    public Task<ClusterFacts> ReadClusterAsync(ClusterRef cluster) => throw new NotSupportedException();

    [Activity]
    public Task<UpdatePreview> PreviewUpdateAsync(ClusterRef cluster) => throw new NotSupportedException();

    [Activity]
    public Task<UpdateResult> UpdateClusterAsync(ClusterRef cluster) => throw new NotSupportedException();

    [Activity]
    public Task<InstanceList> ReadInstancesAsync(ClusterRef cluster) => throw new NotSupportedException();
}
