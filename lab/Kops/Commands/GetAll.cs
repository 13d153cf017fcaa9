using System.Text.Json.Nodes;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops get all</c>: a cluster and its instance groups. Addons, which nothing in a lab makes, it does not show.</summary>
internal static class GetAll
{
    public static async Task RunAsync(KopsCall call)
    {
        string name = call.ClusterNameOrArgument();
        IStateFiles files = call.State();
        JsonObject cluster = await Clusters.RequireAsync(files, name).ConfigureAwait(false);
        IReadOnlyList<JsonObject> groups = await GetInstanceGroups.ReadAsync(files, name).ConfigureAwait(false);
        if (groups.Count == 0)
            call.Errors.Write("No instance groups found\n");
        if (await files.ReadAsync($"{name}/clusteraddons/default").ConfigureAwait(false) is not null)
            throw new KopsError("the lab's kops does not show addons");
        if (call.Command.Flag("output") != "table")
        {
            Objects.Write(call, [cluster, .. groups], single: false, [], _ => []);
            return;
        }

        call.Output.Write("Cluster\n");
        GetClusters.WriteTable(call, [cluster]);
        call.Output.Write("\nInstance Groups\n");
        GetInstanceGroups.WriteTable(call, cluster, groups);
    }
}
