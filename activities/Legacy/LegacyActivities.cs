using Rotation.Activities.Hosting;
using Rotation.Activities.Running;
using Rotation.Activities.Ssh;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Legacy;

/// <summary>The disruptive procedure's own activities.</summary>
internal sealed class LegacyActivities(LegacyBackups backups, CredentialDeletes deletes, OldObjects objects, SshHosts hosts, RotationOptions options) : ILegacyActivities
{
    // By its exact container name, whatever the runtime is, and only one that ran before the activity was scheduled (or that does not say when it began): a later one is what an earlier
    // attempt made.
    private static string StopControllerManager => $$$"""
        before={{{new DateTimeOffset(ActivityExecutionContext.Current.Info.ScheduledTime, TimeSpan.Zero).ToUnixTimeSeconds()}}}
        if command -v crictl >/dev/null; then
          ids=$(crictl ps -q --name '^kube-controller-manager$') || exit 1
          for id in $ids; do
            at=$(date -d "$(crictl inspect --output go-template --template '{{.status.startedAt}}' "$id")" +%s) || at=0
            [ "$at" -ge "$before" ] || crictl stop "$id" || exit 1
          done
        elif command -v docker >/dev/null; then
          ids=$(docker ps -q --filter 'label=io.kubernetes.container.name=kube-controller-manager') || exit 1
          for id in $ids; do
            at=$(date -d "$(docker inspect --format '{{.State.StartedAt}}' "$id")" +%s) || at=0
            [ "$at" -ge "$before" ] || docker stop "$id" || exit 1
          done
        else
          echo 'neither crictl nor docker is here' >&2
          exit 1
        fi
        """;

    // The names are those of kOps' documentation.
    private string RemoveCertificates => $"find '{options.Ssh.EtcdVolumes}' -ignore_readdir_race -type f '(' -name 'server.*' -o -name 'me.*' ')' -path '*/pki/*' -delete -print";

    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public Task<BackupState> BackUpCredentialsAsync(ClusterRef cluster) => BeatingAsync($"copies the credentials of {cluster.Name}", _ => backups.MakeAsync(cluster, Token));

    /// <inheritdoc/>
    [Activity]
    public Task<BackupState> RestoreCredentialsAsync(ClusterRef cluster) => BeatingAsync($"puts the credentials of {cluster.Name} back", _ => backups.PutBackAsync(cluster, Token));

    /// <inheritdoc/>
    [Activity]
    public Task<CredentialNames> ReadCredentialNamesAsync(ClusterRef cluster) => BeatingAsync($"reads what {cluster.Name} has to delete", _ => deletes.ReadAsync(cluster, Token));

    /// <inheritdoc/>
    [Activity]
    public Task<DeletedCredential> DeleteCredentialAsync(DeleteCredentialInput input) => BeatingAsync($"deletes {input.Name}", _ => deletes.DeleteAsync(input, Token));

    /// <inheritdoc/>
    [Activity]
    public Task<HostResult> RemoveEtcdCertificatesAsync(HostInput input) => OnHostAsync(input, RemoveCertificates, "removes etcd's certificates");

    /// <inheritdoc/>
    [Activity]
    public Task<HostResult> RestartControllerManagerAsync(HostInput input) => OnHostAsync(input, StopControllerManager, "restarts the controller manager");

    /// <inheritdoc/>
    [Activity]
    public Task<DeletedObjects> DeleteServiceAccountTokensAsync(OlderThanInput input) => BeatingAsync("deletes service-account tokens", pulse => objects.DeleteTokensAsync(input, pulse, Token));

    /// <inheritdoc/>
    [Activity]
    public Task<DeletedObjects> DeletePodsAsync(OlderThanInput input) => BeatingAsync("deletes pods", pulse => objects.DeletePodsAsync(input, pulse, Token));

    // Each line of output is one file or container.
    private Task<HostResult> OnHostAsync(HostInput input, string command, string doing) => BeatingAsync($"{doing} on {input.Host}", async _ =>
    {
        string output = await hosts.RunAsync(input.Cluster, input.Host, command, Token).ConfigureAwait(false);
        return new HostResult(input.Host, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    });

    private async Task<T> BeatingAsync<T>(string doing, Func<Pulse, Task<T>> act)
    {
        await using Pulse pulse = Pulse.Start(doing, options.Deadlines.Poll);
        return await act(pulse).ConfigureAwait(false);
    }
}
