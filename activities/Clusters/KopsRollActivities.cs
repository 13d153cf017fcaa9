using Rotation.Activities.Kops;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Running;
using Rotation.Workflows.Activities;
using Temporalio.Activities;

namespace Rotation.Activities.Clusters;

/// <summary>kops' own rolling update, its output turned into heartbeats.</summary>
internal sealed class KopsRollActivities(IKops kops, WorkerCredential credential) : IKopsRollActivities
{
    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<KopsRollResult> RollWithKopsAsync(KopsRollInput input)
    {
        using var folder = new SecretFolder();
        string kubeconfig = folder.File("kubeconfig");
        await PrivateFiles.CreateAsync(kubeconfig, (await credential.GetAsync(input.Cluster, Token).ConfigureAwait(false)).ToBytes(), Token).ConfigureAwait(false);
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

    private static List<string> Arguments(KopsRollInput input)
    {
        List<string> arguments = ["rolling-update", "cluster", "--yes"];
        if (input.Force)
            arguments.Add("--force");
        if (input.CloudOnly)
            arguments.Add("--cloudonly");
        if (input.InstanceGroups.Count > 0)
            arguments.Add($"--instance-group={string.Join(',', input.InstanceGroups)}");
        return arguments;
    }
}
