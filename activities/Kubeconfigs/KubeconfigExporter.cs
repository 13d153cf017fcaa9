using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Kubeconfigs;

/// <summary>Exports kubeconfigs with kops, through a temporary folder that is wiped.</summary>
internal sealed class KubeconfigExporter(IKops kops, RotationOptions options)
{
    /// <summary>The kubeconfig that a delivery asks for.</summary>
    public Task<Kubeconfig> ExportAsync(DeliverKubeconfigInput input, CancellationToken ct)
    {
        List<string> flags = [];
        if (input.Kind == KubeconfigKind.Admin)
            flags.Add($"--admin={input.AdminTtl}");
        if (input.Internal)
            flags.Add("--internal");
        if (input.User is { Length: > 0 } user)
            flags.AddRange(["--user", user]);
        return ExportAsync(input.Cluster, [.. flags], ct);
    }

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
