using System.Text;
using System.Text.Json;
using Rotation.Lab.Cluster;
using Rotation.Lab.Kubernetes;

namespace Rotation.Lab.Probes;

/// <summary>One running application pod on each worker: its token, asked for by the kubelet when the pod started and again before it runs out, and its node's bundle.</summary>
internal sealed class ServiceAccountSource(LabWorld world) : NodeSource(world)
{
    private const long DefaultSeconds = 3600;

    // A kubelet asks again after four fifths of a token's life. All at the same moments: none is older for that.
    private long Age => World.Options.TokenLife is { } life ? LabClock.Now.Ticks / (life.Ticks * 4 / 5) : 0;

    private long Seconds => (long?)World.Options.TokenLife?.TotalSeconds ?? DefaultSeconds;

    protected override IReadOnlyList<string> Keys() =>
        [.. World.Store.List("pods", "default").Items.Where(KubeObjects.IsPodReady).Where(p => World.Fleet.Find(KubeObjects.NodeOf(p) ?? "") is { } i && IsJoined(i))
            .GroupBy(KubeObjects.NodeOf).Select(g => g.MinBy(p => p.Name, StringComparer.Ordinal)!).Select(p => $"{p.Name} {p.Uid} {Age}").Order(StringComparer.Ordinal)];

    protected override async Task<ProbeIdentity?> MakeAsync(string key, CancellationToken cancel)
    {
        var pod = World.Store.Get("pods", "default", key.Split(' ')[0]);
        if (pod is null || World.Fleet.Find(KubeObjects.NodeOf(pod) ?? "") is not { Node: WorkerNode node } instance)
            return null;
        var token = await TokenAsync(node, cancel).ConfigureAwait(false);
        return token is null ? null : new ProbeIdentity("pod " + pod.Name, Api("/api/v1/namespaces/default"), node.Material.Ca, ApiName, null, token)
        {
            Rightful = () => IsJoined(instance) && World.Store.Get("pods", "default", pod.Name) is { } now && now.Uid == pod.Uid && KubeObjects.IsPodReady(now),
        };
    }

    /// <summary>Null when the kubelet cannot get one: the pod would not start, and the kubelet's own probe shows why.</summary>
    private async Task<string?> TokenAsync(WorkerNode node, CancellationToken cancel)
    {
        using var kubelet = new ProbeIdentity("kubelet", Api("/api/v1/namespaces/default/serviceaccounts/default/token"), node.Material.Ca, ApiName, node.Kubelet.Certificate, null);
        try
        {
            using var body = new StringContent($"{{\"spec\":{{\"expirationSeconds\":{Seconds}}}}}", Encoding.UTF8, "application/json");
            using var answer = await kubelet.PostAsync(body, cancel).ConfigureAwait(false);
            if (!answer.IsSuccessStatusCode)
                return null;
            await using var content = await answer.Content.ReadAsStreamAsync(cancel).ConfigureAwait(false);
            using var json = await JsonDocument.ParseAsync(content, cancellationToken: cancel).ConfigureAwait(false);
            return json.RootElement.GetProperty("status").GetProperty("token").GetString();
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }
}
