using System.Net;
using k8s;
using k8s.Models;
using Rotation.Activities.Nodes;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Trust;

/// <summary>One TLS server of the cluster.</summary>
/// <param name="Node">Node name.</param>
/// <param name="Component"><c>kube-apiserver</c> or <c>kubelet</c>.</param>
/// <param name="Address">Where it listens, or null when the node says no address.</param>
internal sealed record ServerAddress(string Node, string Component, IPEndPoint? Address);

/// <summary>Finds API servers by the endpoints of the service <c>kubernetes</c> and kubelets by the node objects, as in any cluster.</summary>
internal sealed class Servers(KubernetesClients clients)
{
    private const int DefaultKubeletPort = 10250;

    /// <summary>Every server, sorted by node and component.</summary>
    public async Task<IReadOnlyList<ServerAddress>> FindAsync(ClusterRef cluster, CancellationToken ct)
    {
        IKubernetes api = await clients.ConnectAsync(cluster, ct).ConfigureAwait(false);
        V1Endpoints endpoints = await ApiFailures.GuardAsync(() => api.CoreV1.ReadNamespacedEndpointsAsync("kubernetes", "default", cancellationToken: ct), ct).ConfigureAwait(false);
        IList<V1Node> nodes = (await ApiFailures.GuardAsync(() => api.CoreV1.ListNodeAsync(cancellationToken: ct), ct).ConfigureAwait(false)).Items;
        return [.. ApiServers(endpoints, nodes).Concat(nodes.Select(Kubelet)).OrderBy(s => s.Node, StringComparer.Ordinal).ThenBy(s => s.Component, StringComparer.Ordinal)];
    }

    private static IEnumerable<ServerAddress> ApiServers(V1Endpoints endpoints, IList<V1Node> nodes) =>
        from subset in endpoints.Subsets ?? []
        from port in subset.Ports ?? []
        from address in subset.Addresses ?? []
        let node = address.NodeName ?? nodes.FirstOrDefault(n => InternalIp(n) == address.Ip)?.Metadata.Name ?? address.Ip
        select new ServerAddress(node, "kube-apiserver", EndPoint(address.Ip, port.Port));

    private static ServerAddress Kubelet(V1Node node)
    {
        int port = node.Status?.DaemonEndpoints?.KubeletEndpoint?.Port ?? DefaultKubeletPort;
        return new(node.Metadata.Name, "kubelet", EndPoint(InternalIp(node), port));
    }

    private static string? InternalIp(V1Node node) => node.Status?.Addresses?.FirstOrDefault(a => a.Type == "InternalIP")?.Address;

    private static IPEndPoint? EndPoint(string? ip, int port) => IPAddress.TryParse(ip, out IPAddress? address) ? new(address, port) : null;
}
