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
        IReadOnlyList<JsonObject> groups = await ReadAsync(call.State(), call.ClusterName()).ConfigureAwait(false);
        IReadOnlyList<string> wanted = call.Command.Arguments;
        JsonObject[] found = [.. groups.Where(g => wanted.Count == 0 || wanted.Contains(NameOf(g)))];
        if (found.Length == 0)
            throw new KopsError(wanted.Count == 0 ? "no InstanceGroup objects found" : $"instancegroup not found: \"{wanted[0]}\"");
        Objects.Write(call, found, Header, Row);
    }

    /// <summary>The instance groups of a cluster, by name.</summary>
    public static async Task<IReadOnlyList<JsonObject>> ReadAsync(IStateFiles files, string cluster)
    {
        await Clusters.RequireAsync(files, cluster).ConfigureAwait(false);
        List<JsonObject> groups = [];
        foreach (string path in await files.ListAsync($"{cluster}/instancegroup").ConfigureAwait(false))
            groups.Add(StoredObject.Parse((await files.ReadAsync(path).ConfigureAwait(false))!));
        return groups;
    }

    public static string NameOf(JsonObject group) => $"{group["metadata"]?["name"]}";

    /// <summary>Role in today's words.</summary>
    public static string RoleOf(JsonObject group) => $"{group["spec"]?["role"]}" switch { "Master" => "ControlPlane", var role => role };

    private static string[] Row(JsonObject group) =>
        [NameOf(group), RoleOf(group), $"{group["spec"]?["machineType"]}", $"{group["spec"]?["minSize"]}", $"{group["spec"]?["maxSize"]}", string.Join(',', Objects.Texts(group["spec"]?["subnets"]))];
}
