using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get clusters</c>: all of the store, or those named.</summary>
internal static class GetClusters
{
    private static readonly string[] Header = ["NAME", "CLOUD", "ZONES"];

    public static async Task RunAsync(KopsCall call)
    {
        string? flag = call.Command.Flag("name") is { Length: > 0 } name ? name : null;
        if (flag is not null && call.Command.Arguments.Count > 0)
            throw call.Usage("cannot mix --name for cluster with positional arguments");
        IReadOnlyList<string> named = flag is null ? call.Command.Arguments : [flag];
        call.Refuse("full");
        IStateFiles files = call.State();
        List<JsonObject> clusters = [];
        // A single one kops reads by itself, several it picks out of all.
        IReadOnlyList<string> stored = named.Count == 1 ? named : await Clusters.NamesAsync(files).ConfigureAwait(false);
        foreach (string cluster in named.Count > 0 ? named : stored)
            clusters.Add((stored.Contains(cluster) ? await Clusters.FindAsync(files, cluster).ConfigureAwait(false) : null) ?? throw new KopsError($"cluster not found {GoText.Quoted(cluster)}"));
        if (clusters.Count == 0)
            throw new KopsError("no clusters found");
        Objects.Write(call, clusters, named.Count == 1, Header, Row);
    }

    /// <summary>Writes the table of clusters.</summary>
    public static void WriteTable(KopsCall call, IEnumerable<JsonObject> clusters) => GoTable.Write(call.Output, Header, clusters.Select(Row));

    private static string[] Row(JsonObject cluster)
    {
        var zones = (cluster["spec"]?["subnets"] as JsonArray ?? []).Select(s => $"{s?["zone"]}").Where(z => z.Length > 0).Distinct().Order(StringComparer.Ordinal);
        return [$"{cluster["metadata"]?["name"]}", $"{cluster["spec"]?["cloudProvider"]}", string.Join(',', zones)];
    }
}
