using System.Text.RegularExpressions;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Clusters;

/// <summary>kops' own rolling update and validation, the former's output turned into heartbeats. One roll at a time, and no other change of the cluster beside it.</summary>
internal sealed partial class KopsRollActivities(IKops kops, WorkerCredential credential, ClusterLeases leases, ForcedRolls forced, RotationOptions options) : IKopsRollActivities
{
    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<KopsRollResult> RollWithKopsAsync(KopsRollInput input)
    {
        if (input.Reconcile && (await kops.VersionAsync(input.Cluster, Token).ConfigureAwait(false)) is { Minor: < KopsVersion.ReconcileMinor } version)
            throw RotationErrors.Permanent(RotationErrors.KopsUsage, $"kops {version.Text} has no 'reconcile cluster'; that begins with 1.{KopsVersion.ReconcileMinor}. Leave the option out.");
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, Token).ConfigureAwait(false);
        if (await forced.StillToRollAsync(input, Token).ConfigureAwait(false) is not { } groups)
            return new(0, "Every instance that was to be rolled is gone.");
        using var folder = new SecretFolder();
        int rolled = 0;
        string last = "";
        var command = new KopsCommand
        {
            Arguments = Arguments(input, groups),
            Deadline = lease.Limit(input.Deadline.Value),
            HeldLock = lease.KopsLock,
            Kubeconfig = await KubeconfigAsync(folder, input.Cluster).ConfigureAwait(false),
            OnLine = line =>
            {
                if (line.Contains("Stopping instance", StringComparison.Ordinal))
                    rolled++;
                if (line.Trim().Length > 0)
                    last = LogPrefix().Replace(line, "").Trim();
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

    private static List<string> Arguments(KopsRollInput input, IReadOnlyList<string> groups)
    {
        List<string> arguments = [input.Reconcile ? "reconcile" : "rolling-update", "cluster", "--yes"];
        if (input.Force)
            arguments.Add("--force");
        if (input.CloudOnly)
            arguments.Add("--cloudonly");
        if (groups.Count > 0)
            arguments.Add($"--instance-group={string.Join(',', groups)}");
        if (input.Roles.Count > 0)
            arguments.Add($"--instance-group-roles={string.Join(',', input.Roles)}");
        return arguments;
    }

    [GeneratedRegex(@"\A[IWEF]\d{4} [\d:.]+ +\d+ [\w.-]+:\d+\] ")]
    private static partial Regex LogPrefix();
}
