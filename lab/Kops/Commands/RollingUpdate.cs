using Rotation.Lab.Kops.Output;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops rolling-update cluster</c> without <c>--yes</c>: which groups need it. Replacing nodes is not emulated, and is refused by name.</summary>
internal static class RollingUpdate
{
    private static readonly string[] Header = ["NAME", "STATUS", "NEEDUPDATE", "READY", "MIN", "TARGET", "MAX", "NODES"];

    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterName();
        var groups = await GetInstanceGroups.ReadAsync(call.State(), cluster).ConfigureAwait(false);
        if (!call.Command.Switch("cloudonly"))
            GetInstances.RequireContext(call, cluster);
        LabStatus lab = await GetInstances.LabAsync(call).ConfigureAwait(false);
        var rows = groups.Select(group =>
        {
            string name = GetInstanceGroups.NameOf(group);
            LabNodeStatus[] nodes = [.. lab.Nodes.Where(n => n.Group == name && n.State is "pending" or "running" && n.Group == name)];
            int behind = nodes.Count(n => n.NeedsUpdate);
            return new[] { name, behind > 0 ? "NeedsUpdate" : "Ready", $"{behind}", $"{nodes.Length - behind}", $"{group["spec"]?["minSize"]}", $"{group["spec"]?["minSize"]}", $"{group["spec"]?["maxSize"]}", $"{nodes.Count(n => n.Ready)}" };
        }).ToList();
        GoTable.Write(call.Output, Header, rows);
        bool needed = rows.Any(r => r[1] == "NeedsUpdate") || call.Command.Switch("force");
        if (!needed)
            call.Output.Write("\nNo rolling-update required.\n");
        else if (call.Command.Switch("yes"))
            throw new KopsError("the lab's kops does not replace nodes; use the durable engine");
        else
            call.Output.Write("\nMust specify --yes to rolling-update.\n");
    }
}
