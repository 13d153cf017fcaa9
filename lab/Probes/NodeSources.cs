using Rotation.Lab.Cluster;

namespace Rotation.Lab.Probes;

/// <summary>Takes turns over identities that belong to instances, and forgets those of instances that ended.</summary>
internal abstract class NodeSource(LabWorld world) : IProbeSource
{
    private readonly Dictionary<string, ProbeIdentity> _identities = new(StringComparer.Ordinal);
    private int _turn;

    protected LabWorld World => world;

    public async Task<ProbeIdentity?> NextAsync(CancellationToken cancel)
    {
        var keys = Keys();
        foreach (var gone in _identities.Keys.Except(keys).ToList())
        {
            _identities[gone].Dispose();
            _identities.Remove(gone);
        }

        if (keys.Count == 0)
            return null;
        var key = keys[_turn++ % keys.Count];
        if (_identities.TryGetValue(key, out var known))
            return known;
        var made = await MakeAsync(key, cancel).ConfigureAwait(false);
        if (made is not null)
            _identities[key] = made;
        return made;
    }

    public void Dispose()
    {
        foreach (var identity in _identities.Values)
            identity.Dispose();
    }

    protected abstract IReadOnlyList<string> Keys();

    protected abstract Task<ProbeIdentity?> MakeAsync(string key, CancellationToken cancel);

    /// <summary>Workers that run and whose node is there, by id.</summary>
    protected IReadOnlyList<Instance> Workers() =>
        [.. world.Fleet.Instances.Where(i => IsJoined(i) && i.Node is WorkerNode).OrderBy(i => i.Id, StringComparer.Ordinal)];

    protected bool IsJoined(Instance instance) => instance.State == InstanceState.Running && world.Store.Get("nodes", "", instance.Id) is not null;

    protected Uri Api(string path) => new($"https://127.0.0.1:{world.Balancer.Port}{path}");

    protected string ApiName => $"api.internal.{world.Options.ClusterName}";
}

/// <summary>Each worker's kubelet, asking the API for its own node.</summary>
internal sealed class KubeletSource(LabWorld world) : NodeSource(world)
{
    protected override IReadOnlyList<string> Keys() => [.. Workers().Select(i => i.Id)];

    protected override Task<ProbeIdentity?> MakeAsync(string key, CancellationToken cancel)
    {
        var instance = World.Fleet.Find(key)!;
        var node = (WorkerNode)instance.Node!;
        return Task.FromResult<ProbeIdentity?>(new ProbeIdentity("kubelet " + key, Api("/api/v1/nodes/" + key), node.Material.Ca, ApiName, node.Kubelet.Certificate, null)
        {
            Rightful = () => IsJoined(instance),
        });
    }
}

/// <summary>Each pair of an API server and a worker, as for logs and exec. Like kOps' API servers it does not check the kubelet's issuer by name, but by bundle.</summary>
internal sealed class ToKubeletSource(LabWorld world) : NodeSource(world)
{
    protected override IReadOnlyList<string> Keys() =>
        [.. from server in KopsController.Servers(World) where server.Serves from worker in Workers() select $"{server.InstanceId} {worker.Id}"];

    protected override Task<ProbeIdentity?> MakeAsync(string key, CancellationToken cancel)
    {
        var (from, to) = (World.Fleet.Find(key.Split(' ')[0])!, World.Fleet.Find(key.Split(' ')[1])!);
        if (from.Node is not ControlPlaneNode server || to.Node is not WorkerNode worker)
            return Task.FromResult<ProbeIdentity?>(null);
        return Task.FromResult<ProbeIdentity?>(new ProbeIdentity("kubelet-api " + from.Id, new Uri($"https://127.0.0.1:{worker.Kubelet.Port}/healthz"),
            server.Material.Ca, to.Id, server.KubeletClient, null)
        {
            Rightful = () => IsJoined(from) && server.Serves && IsJoined(to),
        });
    }
}
