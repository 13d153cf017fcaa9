using Rotation.Lab.Aws;
using Rotation.Lab.Cluster;
using Rotation.Lab.Kubernetes;

namespace Rotation.Lab;

/// <summary>
/// A kOps cluster in one process that breaks the way a real one breaks: nodes take their certificates and trust from the state store when they boot and keep
/// them until they are replaced. It holds loopback ports only, and no file but the state store's and the event log.
/// </summary>
public sealed class LabCluster : IAsyncDisposable
{
    private readonly LabWorld _world;
    private readonly LabEndpoint _endpoint;

    private LabCluster(LabWorld world, LabEndpoint endpoint) => (_world, _endpoint) = (world, endpoint);

    /// <summary>EC2, AutoScaling and ELBv2 query protocol: what <c>AWS_ENDPOINT_URL</c> points at. Signatures are not checked.</summary>
    public Uri AwsEndpoint => _endpoint.Address;

    /// <summary><c>127.0.0.1:PORT</c> of the load balancer before the API servers.</summary>
    public string ApiAddress => $"127.0.0.1:{_world.Balancer.Port}";

    /// <summary>The lab's own JSON: <c>GET status</c>, <c>GET events?after=N</c>, <c>GET|POST faults</c>, <c>DELETE faults/ID</c>.</summary>
    public Uri ControlEndpoint => new(_endpoint.Address, "lab/");

    /// <summary>Everything that happened, oldest first.</summary>
    public IReadOnlyList<LabEvent> Events => _world.Log.Since(0);

    internal LabWorld World => _world;

    /// <summary>
    /// Starts the cluster and waits until every node and every pod is ready. The state store must hold the cluster with its node configurations
    /// (<c>update cluster --yes</c>); throws <see cref="InvalidOperationException"/> when it does not.
    /// </summary>
    public static async Task<LabCluster> StartAsync(LabOptions options, CancellationToken cancel)
    {
        if (!ClusterSpec.Exists(options))
            throw new InvalidOperationException($"The state store '{options.StateStoreDirectory}' holds no cluster '{options.ClusterName}'.");
        var groups = ClusterSpec.Groups(options);
        var world = new LabWorld(options, ClusterSpec.KubernetesVersion(options), groups.Where(g => g.Role == GroupRole.ControlPlane).Sum(g => g.Desired));
        world.Fleet = new Fleet(world, groups);
        var lab = new LabCluster(world, await LabEndpoint.StartAsync(world, cancel).ConfigureAwait(false));
        var workers = groups.Where(g => g.Role == GroupRole.Node).Sum(g => g.Desired);
        Seed.AddSystem(world, workers);
        world.Fleet.Reconcile();
        world.Run(new Controllers(world).RunAsync);
        try
        {
            await lab.WaitReadyAsync(cancel).ConfigureAwait(false);
            Seed.AddApplications(world, workers);
            await lab.WaitAsync(() => world.Workloads.AllRun(), cancel).ConfigureAwait(false);
        }
        catch
        {
            await lab.DisposeAsync().ConfigureAwait(false);
            throw;
        }

        return lab;
    }

    /// <summary>Waits until <see cref="LabStatus.Ready"/>. Throws when the token ends the wait, or an instance cannot boot.</summary>
    public Task WaitReadyAsync(CancellationToken cancel) => WaitAsync(() => GetStatus().Ready, cancel);

    /// <summary>What the cluster looks like now.</summary>
    public LabStatus GetStatus() => StatusReader.Read(_world);

    /// <summary>Sets a fault and gives it an id. Faults that are an event (an instance vanishes, a spot interruption) happen at once.</summary>
    public LabFault SetFault(LabFault fault) => FaultActions.Set(_world, fault);

    /// <summary>Clears a fault. False when there is none of that id.</summary>
    public bool ClearFault(string id) => _world.Faults.Clear(id);

    /// <summary>Ends everything at once. Leaves the state store as it is.</summary>
    public async ValueTask DisposeAsync()
    {
        await _endpoint.DisposeAsync().ConfigureAwait(false);
        await _world.DisposeAsync().ConfigureAwait(false);
        foreach (var instance in _world.Fleet.Instances)
        {
            if (instance.Node is { } node && instance.State != InstanceState.Terminated)
                await node.DisposeAsync().ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(Func<bool> condition, CancellationToken cancel)
    {
        using var timer = new PeriodicTimer(LabClock.Tick);
        while (!condition())
        {
            if (_world.Broken.Count > 0)
                throw new InvalidOperationException("The lab broke: " + _world.Broken[0]);
            await timer.WaitForNextTickAsync(cancel).ConfigureAwait(false);
        }
    }
}
