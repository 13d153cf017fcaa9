using System.Text.Json.Nodes;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get instancegroups</c>.</summary>
internal static class GetInstanceGroups
{
    private static readonly string[] Header = ["NAME", "ROLE", "MACHINETYPE", "MIN", "MAX", "ZONES"];

    public static async Task RunAsync(KopsCall call)
    {
        string name = call.ClusterName();
        IStateFiles files = call.State();
        JsonObject cluster;
        try
        {
            cluster = await Clusters.RequireAsync(files, name).ConfigureAwait(false);
        }
        catch (KopsError e)
        {
            throw new KopsError($"error fetching cluster {GoText.Quoted(name)}: {e.Message}");
        }

        IReadOnlyList<JsonObject> groups = await ReadAsync(files, name).ConfigureAwait(false);
        IReadOnlyList<string> wanted = call.Command.Arguments;
        JsonObject[] found = wanted.Count == 0 ? [.. groups] : [.. wanted.Select(w => groups.FirstOrDefault(g => NameOf(g) == w) ?? throw new KopsError($"instancegroup not found {GoText.Quoted(w)}"))];
        if (found.Length == 0)
            throw new KopsError("no InstanceGroup objects found");
        Objects.Write(call, found, found.Length == 1, Header, group => Row(call, cluster, group));
    }

    /// <summary>Writes the table of a cluster's instance groups.</summary>
    public static void WriteTable(KopsCall call, JsonObject cluster, IEnumerable<JsonObject> groups) => GoTable.Write(call.Output, Header, groups.Select(g => Row(call, cluster, g)));

    /// <summary>The instance groups of a cluster, by name.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(IStateFiles files, string cluster)
    {
        List<JsonObject> groups = [];
        foreach (string path in await files.ListAsync($"{cluster}/instancegroup").ConfigureAwait(false))
            groups.Add(StoredObject.Read((await files.ReadAsync(path).ConfigureAwait(false))!, files.Shown(path)));
        return groups;
    }

    public static string NameOf(JsonObject group) => $"{group["metadata"]?["name"]}";

    /// <summary>Role in today's words.</summary>
    public static string RoleOf(JsonObject group) => $"{group["spec"]?["role"]}" switch { "Master" => "ControlPlane", var role => role };

    /// <summary>A size as kops' tables have it.</summary>
    public static string Size(JsonNode? size) => size is null ? "-" : $"{size}";

    private static string[] Row(KopsCall call, JsonObject cluster, JsonObject group) =>
        [NameOf(group), RoleOf(group), $"{group["spec"]?["machineType"]}", Size(group["spec"]?["minSize"]), Size(group["spec"]?["maxSize"]), string.Join(',', Zones(call, cluster, group))];

    private static IEnumerable<string> Zones(KopsCall call, JsonObject cluster, JsonObject group)
    {
        JsonNode?[] subnets = [.. cluster["spec"]?["subnets"] as JsonArray ?? []];
        List<string> zones = [.. Objects.Texts(group["spec"]?["zones"])];
        foreach (string name in Objects.Texts(group["spec"]?["subnets"]))
        {
            if (Array.Find(subnets, s => $"{s?["name"]}" == name) is not { } subnet)
            {
                call.Log.Warning("instancegroup.go:42", $"error fetching zones for instancegroup: cannot find subnet {GoText.Quoted(name)} (declared in instance group {GoText.Quoted(NameOf(group))}, not found in cluster)");
                return [];
            }

            zones.Add($"{subnet["zone"]}");
        }

        return zones.Where(z => z.Length > 0).Distinct().Order(StringComparer.Ordinal);
    }
}
