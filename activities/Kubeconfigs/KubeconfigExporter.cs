using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>Exports kubeconfigs with kops, through a temporary folder that is wiped.</summary>
internal sealed class KubeconfigExporter(IKops kops, RotationOptions options)
{
    /// <summary>A kubeconfig with the CA bundle only.</summary>
    public Task<Kubeconfig> ExportCaAsync(ClusterRef cluster, CancellationToken ct) => ExportAsync(cluster, [], ct);

    /// <summary>A kubeconfig with a new admin client certificate of the lifetime given.</summary>
    public Task<Kubeconfig> ExportAdminAsync(ClusterRef cluster, KopsDuration lifetime, CancellationToken ct) => ExportAsync(cluster, [$"--admin={lifetime}"], ct);

    private async Task<Kubeconfig> ExportAsync(ClusterRef cluster, string[] flags, CancellationToken ct)
    {
        using var folder = new SecretFolder();
        string file = folder.File("kubeconfig");
        await kops.RunAsync(cluster, new() { Arguments = ["export", "kubecfg", "--kubeconfig", file, .. flags], Deadline = options.Deadlines.KopsRead }, ct).ConfigureAwait(false);
        byte[] content = await PrivateFiles.ReadAsync(file, ct).ConfigureAwait(false)
            ?? throw RotationErrors.Passing(RotationErrors.KopsFailed, $"kops reported success, but wrote no kubeconfig of '{cluster.Name}'.");
        return Kubeconfig.Parse(content, "the kubeconfig that kops exported");
    }
}
