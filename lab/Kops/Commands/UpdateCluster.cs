using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Pki;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops update cluster</c>: with <c>--yes</c> writes what the next boot of each node sees; without, tells what it would change.</summary>
internal static class UpdateCluster
{
    private const string Source = "update_cluster.go";

    public static async Task RunAsync(KopsCall call)
    {
        string cluster = call.ClusterNameOrArgument();
        if (ExportKubeconfig.Lifetime(call) is not null && ExportKubeconfig.User(call) is not null)
            throw new KopsError("cannot use both --admin and --user");
        bool export = WantsKubeconfig(call);
        IStateFiles files = call.State();
        await Clusters.GetAsync(files, cluster).ConfigureAwait(false);
        call.Refuse("lifecycle-overrides", "out", "phase", "ssh-public-key");
        if (call.Command.Flag("target") != "direct")
            throw new KopsError("the lab's kops has only the target \"direct\"");
        await RefuseDowngradeAsync(call, files, cluster).ConfigureAwait(false);
        if (GetVersion.IsOlder(call) && call.Command.Switch("yes"))
            await MakeKeysetsAsync(call, new(files, cluster, call.Log)).ConfigureAwait(false);
        List<(string Group, string Path, string Content, bool IsNew)> changes = [];
        foreach ((string group, (string path, string content)) in await NodeConfigurations.MakeAsync(files, cluster, call.Log).ConfigureAwait(false))
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
        bool first = export && !call.Kubeconfig.HasContext(cluster);
        if (export)
            await ExportAsync(call, cluster).ConfigureAwait(false);
        call.Output.Write(first
            ? $"\nCluster is starting.  It should be ready in a few minutes.\n\n{Suggestions(cluster)}"
            : "\nCluster changes have been applied to the cloud.\n\n\nChanges may require instances to restart: kops rolling-update cluster\n\n");
    }

    private static async Task MakeKeysetsAsync(KopsCall call, KeysetStore store)
    {
        foreach (string name in KeysetStore.OlderNames)
        {
            if ((await store.OlderIdsAsync(name).ConfigureAwait(false)).Count > 0)
                continue;
            call.Faults.BeforeNext();
            PemPair made = KopsCertificates.CreateOlderCa(name == "ca" ? "kubernetes" : name);
            await store.StoreOlderAsync(new StoredKeyset(name, made.Id, [new(made.Id, made.Certificate, made.PrivateKey)])).ConfigureAwait(false);
        }
    }

    private static string Suggestions(string cluster) => string.Concat(new[]
    {
        "Suggestions:",
        " * validate cluster: kops validate cluster --wait 10m",
        " * list nodes: kubectl get nodes --show-labels",
        $" * ssh to a control-plane node: ssh -i ~/.ssh/id_rsa ubuntu@api.{cluster}",
        " * the ubuntu user is specific to Ubuntu. If not using Ubuntu please use the appropriate user based on your OS.",
        " * read about installing addons at: https://kops.sigs.k8s.io/addons.",
        "",
    }.Select(l => l + "\n"));

    private static bool WantsKubeconfig(KopsCall call)
    {
        bool wanted = call.Command.Switch("create-kube-config");
        foreach ((string flag, bool given, int line) in new[] { ("admin", ExportKubeconfig.Lifetime(call) is not null, 166), ("user", ExportKubeconfig.User(call) is not null, 171), ("internal", call.Command.Switch("internal"), 176) })
        {
            if (wanted || !given)
                continue;
            call.Log.Info($"{Source}:{line}", $"--{flag} implies --create-kube-config");
            wanted = true;
        }

        return wanted;
    }

    private static async Task RefuseDowngradeAsync(KopsCall call, IStateFiles files, string cluster)
    {
        if (call.Command.Switch("allow-kops-downgrade") || await files.ReadAsync($"{cluster}/kops-version.txt").ConfigureAwait(false) is not { } last)
            return;
        string own = GetVersion.Of(call);
        if (!Version.TryParse(last.Trim().Split('-')[0], out Version? theirs) || !Version.TryParse(own.Split('-')[0], out Version? ours) || theirs <= ours)
            return;
        const string Stars = "*********************************************************************************";
        call.Output.Write($"\n{Stars}\n\nThe cluster was last updated by kops version {last.Trim()}\nTo permit updating by the older version {own}, run with the --allow-kops-downgrade flag\n\n{Stars}\n\n");
        throw new KopsError("kops version older than last used to update the cluster");
    }

    private static async Task ExportAsync(KopsCall call, string cluster)
    {
        call.Log.Info($"{Source}:323", "Exporting kubeconfig for cluster");
        await ExportKubeconfig.ExportAsync(call, cluster, call.Kubeconfig).ConfigureAwait(false);
        if (ExportKubeconfig.Lifetime(call) is null && ExportKubeconfig.User(call) is null)
            call.Log.Warning($"{Source}:347", "Exported kubeconfig with no user authentication; use --admin, --user or --auth-plugin flags with `kops export kubeconfig`");
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
            call.Output.Write($"  LaunchTemplate/{group}.{cluster}\n  \t{"UserData",-20}\t<changed>\n\n");
    }
}
