using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;

namespace Rotation.Tests.Unit.Activities;

/// <summary>A cloud without groups, in which every change is done already; keeps what was to leave its load balancers.</summary>
internal sealed class QuietCloud : ICloud
{
    private readonly List<string> _deregistered = [];

    public IReadOnlyList<string> Deregistered => _deregistered;

    public Task<IReadOnlyList<CloudGroup>> GroupsAsync(ClusterRef cluster, CancellationToken ct) => Task.FromResult<IReadOnlyList<CloudGroup>>([]);

    public Task<IReadOnlyDictionary<string, IReadOnlyList<CloudInstance>>> DetachedAsync(ClusterRef cluster, CancellationToken ct) =>
        Task.FromResult<IReadOnlyDictionary<string, IReadOnlyList<CloudInstance>>>(new Dictionary<string, IReadOnlyList<CloudInstance>>());

    public Task DetachAsync(ClusterRef cluster, string instanceGroup, string instanceId, CancellationToken ct) => Task.CompletedTask;

    public Task DeregisterAsync(ClusterRef cluster, string instanceGroup, string instanceId, CancellationToken ct)
    {
        lock (_deregistered)
            _deregistered.Add(instanceId);
        return Task.CompletedTask;
    }

    public Task TerminateAsync(ClusterRef cluster, string instanceId, CancellationToken ct) => Task.CompletedTask;
}
