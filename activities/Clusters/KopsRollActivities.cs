using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Clusters;

/// <summary>kops' own rolling update and validation, the former's output turned into heartbeats.</summary>
internal sealed class KopsRollActivities(IKops kops, WorkerCredential credential, RotationOptions options) : IKopsRollActivities
{
    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<KopsRollResult> RollWithKopsAsync(KopsRollInput input)
    {
        if (input.Reconcile && (await kops.VersionAsync(input.Cluster, Token).ConfigureAwait(false)) is { Minor: < KopsVersion.ReconcileMinor } version)
            throw RotationErrors.Permanent(RotationErrors.KopsUsage, $"kops {version.Text} has no 'reconcile cluster'; that begins with 1.{KopsVersion.ReconcileMinor}. Leave the option out.");
        using var folder = new SecretFolder();
        string kubeconfig = await KubeconfigAsync(folder, input.Cluster).ConfigureAwait(false);
        int rolled = 0;
        string last = "";
        var command = new KopsCommand
        {
            Arguments = Arguments(input),
            Deadline = input.Deadline.Value,
            Kubeconfig = kubeconfig,
            OnLine = line =>
            {
                if (line.Contains("Stopping instance", StringComparison.Ordinal))
                    rolled++;
                if (line.Trim().Length > 0)
                    last = line.Trim();
            },
        };
        await kops.RunAsync(input.Cluster, command, Token).ConfigureAwait(false);
        return new(rolled, Redaction.Summary(last));
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<ValidationResult> ValidateWithKopsAsync(ClusterRef cluster)
    {
        using var folder = new SecretFolder();
        var command = new KopsCommand
        {
            Arguments = ["validate", "cluster", "-o", "json"],
            Deadline = options.Deadlines.KopsRead,
            Kubeconfig = await KubeconfigAsync(folder, cluster).ConfigureAwait(false),
            MayFail = true,
        };
        KopsAnswer answer = await kops.RunAsync(cluster, command, Token).ConfigureAwait(false);
        return KopsValidation.Parse(answer.Output) ?? throw KopsFailures.For(command, answer);
    }

    private async Task<string> KubeconfigAsync(SecretFolder folder, ClusterRef cluster)
    {
        string kubeconfig = folder.File("kubeconfig");
        await PrivateFiles.CreateAsync(kubeconfig, (await credential.GetAsync(cluster, Token).ConfigureAwait(false)).ToBytes(), Token).ConfigureAwait(false);
        return kubeconfig;
    }

    private static List<string> Arguments(KopsRollInput input)
    {
        List<string> arguments = [input.Reconcile ? "reconcile" : "rolling-update", "cluster", "--yes"];
        if (input.Force)
            arguments.Add("--force");
        if (input.CloudOnly)
            arguments.Add("--cloudonly");
        if (input.InstanceGroups.Count > 0)
            arguments.Add($"--instance-group={string.Join(',', input.InstanceGroups)}");
        if (input.Roles.Count > 0)
            arguments.Add($"--instance-group-roles={string.Join(',', input.Roles)}");
        return arguments;
    }
}
