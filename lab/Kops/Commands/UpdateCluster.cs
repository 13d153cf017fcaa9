using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops update cluster</c>: with <c>--yes</c> writes what the next boot of each node sees; without, tells what it would change.</summary>
internal static class UpdateCluster
{
    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterName();
        IStateFiles files = call.State();
        await Clusters.RequireAsync(files, cluster).ConfigureAwait(false);
        List<(string Group, string Path, string Content, bool IsNew)> changes = [];
        foreach ((string group, (string path, string content)) in await NodeConfigurations.MakeAsync(files, cluster).ConfigureAwait(false))
            if (await files.ReadAsync(path).ConfigureAwait(false) is var stored && stored != content)
                changes.Add((group, path, content, stored is null));
        if (!call.Command.Switch("yes"))
        {
            Preview(call, cluster, [.. changes.Where(c => c.IsNew).Select(c => c.Group)], [.. changes.Where(c => !c.IsNew).Select(c => c.Group)]);
            return;
        }

        foreach ((_, string path, string content, _) in changes)
        {
            call.Faults.BeforeNext();
            await files.WriteAsync(path, content).ConfigureAwait(false);
        }

        await files.WriteAsync($"{cluster}/cluster-completed.spec", (await files.ReadAsync($"{cluster}/config").ConfigureAwait(false))!).ConfigureAwait(false);
        await files.WriteAsync($"{cluster}/kops-version.txt", GetVersion.Of(call)).ConfigureAwait(false);
        if (call.Command.Switch("create-kube-config"))
            await ExportKubeconfig.RunAsync(call).ConfigureAwait(false);
        call.Output.Write("Cluster changes have been applied to the cloud.\n\n\nChanges may require instances to restart: kops rolling-update cluster\n\n");
    }

    private static void Preview(KopsCall call, string cluster, string[] added, string[] changed)
    {
        if (added.Length + changed.Length == 0)
        {
            call.Output.Write("No changes need to be applied\n");
            return;
        }

        Section(call, "Will create resources:", cluster, added);
        Section(call, "Will modify resources:", cluster, changed);
        call.Output.Write("Must specify --yes to apply changes\n");
    }

    private static void Section(KopsCall call, string title, string cluster, string[] groups)
    {
        if (groups.Length == 0)
            return;
        call.Output.Write($"{title}\n");
        foreach (string group in groups.Order(StringComparer.Ordinal))
            call.Output.Write($"  LaunchTemplate/{group}.{cluster}\n  \tUserData            \t<changed>\n\n");
    }
}
