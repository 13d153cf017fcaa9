using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using Rotation.Lab.Kubernetes;

namespace Rotation.Lab.Cluster;

/// <summary>A control-plane node: etcd members, an API server behind the load balancer, kops-controller, and a kubelet. All trust as of boot.</summary>
internal sealed class ControlPlaneNode : IBootedNode
{
    private static readonly string[] StaticPods = ["etcd-manager-events", "etcd-manager-main", "kube-apiserver", "kube-controller-manager", "kube-scheduler"];
    private readonly LabWorld _world;
    private readonly Instance _instance;
    private readonly ApiServer _api;
    private readonly KubeletListener _kubelet;

    private ControlPlaneNode(LabWorld world, Instance instance, NodeMaterial material, ApiServer api, KubeletListener kubelet) =>

        (_world, _instance, Material, _api, _kubelet, KubeletClient) =
            (world, instance, material, api, kubelet, material.Authorities[NodeMaterial.KubernetesCa].Issue("kubelet-api", "system:masters", [], loopback: false));

    public NodeMaterial Material { get; }

    public string InstanceId => _instance.Id;

    /// <summary>What the API server shows to kubelets.</summary>
    public X509Certificate2 KubeletClient { get; }

    public int ApiPort => _api.Port;

    /// <summary>Whether its API server takes new work.</summary>
    public bool Serves => !_api.IsDraining && _world.Etcd.Serves(_instance);

    public static async Task BootAsync(LabWorld world, Instance instance, CancellationToken cancel)
    {
        var material = world.Material.Read(instance.Group.Name, controlPlane: true);
        var api = await ApiServer.StartAsync(world, instance, material, cancel).ConfigureAwait(false);
        var kubelet = new KubeletListener(Kubelet.Issue(material.Authorities[NodeMaterial.KubernetesCa], instance.Id), material.Ca);
        var node = new ControlPlaneNode(world, instance, material, api, kubelet);
        instance.Node = node;
        world.Etcd.Join(instance);
        world.Balancer.Register(new ApiTarget(instance.Id, api.Port, () => node.Serves));
        world.Log.Add(LabEvents.ApiServing, instance, $"port {api.Port}");
        // The kubelet registers through the API like any other: without etcd there is no node object.
        while (!world.Etcd.Serves(instance))
            await Task.Delay(LabClock.Tick, cancel).ConfigureAwait(false);
        node.Register();
    }

    public async Task DrainAsync()
    {
        _world.Balancer.Deregister(_instance.Id);
        _world.Log.Add(LabEvents.ApiDraining, _instance);
        PublishEndpoints(_world);
        await _api.DrainAsync(_world.Clock.Real(_world.Options.ShutdownTime / 2)).ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        _world.Balancer.Deregister(_instance.Id);
        _world.Etcd.Leave(_instance);
        await _api.DisposeAsync().ConfigureAwait(false);
        await _kubelet.DisposeAsync().ConfigureAwait(false);
        _world.Log.Add(LabEvents.ApiStopped, _instance);
        PublishEndpoints(_world);
    }

    private void Register()
    {
        _world.Store.Create("nodes", KubeObjects.Node(_instance, _kubelet.Port, _world.KubernetesVersion));
        foreach (var name in StaticPods.Append("kube-proxy"))
            Kubelet.Mirror(_world, _instance.Id, name);
        PublishEndpoints(_world);
        _world.Log.Add(LabEvents.NodeReady, _instance);
    }

    /// <summary>Writes endpoints <c>default/kubernetes</c>: one subset a server, because in the lab they share the address and differ by port.</summary>
    private static void PublishEndpoints(LabWorld world)
    {
        var subsets = new JsonArray([.. world.Balancer.Targets.Select(t => (JsonNode)new JsonObject
        {
            ["addresses"] = new JsonArray(new JsonObject { ["ip"] = "127.0.0.1", ["nodeName"] = t.InstanceId }),
            ["ports"] = new JsonArray(new JsonObject { ["name"] = "https", ["port"] = t.Port, ["protocol"] = "TCP" }),
        })]);
        var endpoints = KubeObjects.Named("v1", "Endpoints", "default", "kubernetes");
        endpoints["subsets"] = subsets.DeepClone();
        if (world.Store.Create("endpoints", endpoints) is null)
            world.Store.Update("endpoints", "default", "kubernetes", e => (e["subsets"] = subsets.DeepClone()) is not null);
    }
}
