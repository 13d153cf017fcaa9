using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get clusters</c>: all of the store, or those named.</summary>
internal static class GetClusters
{
    public static async Task RunAsync(KopsCall call)
    {
        IStateFiles files = call.State();
        IReadOnlyList<string> named = call.Command.Arguments.Count > 0 ? call.Command.Arguments : call.Command.Flag("name") is { } name ? [name] : [];
        List<JsonObject> clusters = [];
        foreach (string cluster in named.Count > 0 ? named : await Clusters.NamesAsync(files).ConfigureAwait(false))
            clusters.Add(StoredObject.Parse(await Clusters.RequireAsync(files, cluster).ConfigureAwait(false)));
        if (clusters.Count == 0)
            throw new KopsError("no clusters found");
        Objects.Write(call, clusters, ["NAME", "CLOUD", "ZONES"], Row);
    }

    private static string[] Row(JsonObject cluster)
    {
        var zones = (cluster["spec"]?["subnets"] as JsonArray ?? []).Select(s => $"{s?["zone"]}").Distinct().Order(StringComparer.Ordinal);
        return [$"{cluster["metadata"]?["name"]}", $"{cluster["spec"]?["cloudProvider"]}", string.Join(',', zones)];
    }
}
