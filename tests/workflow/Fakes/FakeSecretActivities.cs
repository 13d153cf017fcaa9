using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Tests.Workflow.Fakes;

/// <summary>The activities of symmetric secrets and of the disruptive procedure, on a <see cref="FakeCluster"/>.</summary>
internal sealed class FakeSecretActivities(FakeCluster cluster, FakeFaults faults) : ISecretActivities, IStoredSecretActivities, ILegacyActivities
{
    private readonly Dictionary<string, (string, (string, bool)[])> _backup = [];

    [Activity]
    public Task<SecretState> ReadSecretAsync(SecretInput input) => ActAsync(nameof(ReadSecretAsync), () => cluster.Vault.StateOf(input.Secret));

    [Activity]
    public async Task<SecretState> ChangeSecretAsync(ChangeSecretInput input)
    {
        SecretState state = await ActAsync(nameof(ChangeSecretAsync), () => cluster.Vault.Change(input));
        await faults.EnterAsync("AfterChange");
        return state;
    }

    [Activity]
    public Task<SecretState> RestoreSecretAsync(SecretInput input) => ActAsync(nameof(RestoreSecretAsync), () => cluster.Vault.Restore(input));

    [Activity]
    public Task<RewrittenSecrets> RewriteSecretsAsync(ClusterRef reference) => ActAsync(nameof(RewriteSecretsAsync), () => cluster.Vault.Rewrite(Servers[0]));

    [Activity]
    public Task<ReadableSecrets> ReadSecretsAsync(ClusterRef reference) => ActAsync(nameof(ReadSecretsAsync), () => cluster.Vault.Read(Servers));

    [Activity]
    public Task<BackupState> BackUpCredentialsAsync(ClusterRef reference) => ActAsync(nameof(BackUpCredentialsAsync), () =>
    {
        foreach (FakeKeyset keyset in cluster.Keysets)
            _backup.TryAdd(keyset.Name, keyset.Copy());
        return new BackupState(_backup.Count, "sha-backup");
    });

    [Activity]
    public Task<BackupState> RestoreCredentialsAsync(ClusterRef reference) => ActAsync(nameof(RestoreCredentialsAsync), () =>
    {
        foreach (FakeKeyset keyset in cluster.Keysets)
            keyset.PutBack(_backup[keyset.Name]);
        return new BackupState(_backup.Count, "sha-backup");
    });

    [Activity]
    public Task<CredentialNames> ReadCredentialNamesAsync(ClusterRef reference) => ActAsync(nameof(ReadCredentialNamesAsync), () => new CredentialNames([.. cluster.Keysets.Where(k => k.Ids.Count > 0).Select(k => k.Name)], ["dockerconfig"], cluster.Hosts));

    [Activity]
    public async Task<DeletedCredential> DeleteCredentialAsync(DeleteCredentialInput input)
    {
        DeletedCredential deleted = await ActAsync(nameof(DeleteCredentialAsync), () =>
        {
            FakeKeyset? keyset = cluster.Keysets.FirstOrDefault(k => input.Kind == CredentialKind.Keypair && k.Name == input.Name);
            bool wasThere = keyset is { Ids.Count: > 0 };
            keyset?.Clear();
            return new DeletedCredential(wasThere);
        });
        await faults.EnterAsync("AfterDelete");
        return deleted;
    }

    [Activity]
    public Task<HostResult> RemoveEtcdCertificatesAsync(HostInput input) => ActAsync(nameof(RemoveEtcdCertificatesAsync), () => new HostResult(input.Host, 4));

    [Activity]
    public Task<HostResult> RestartControllerManagerAsync(HostInput input) => ActAsync(nameof(RestartControllerManagerAsync), () => new HostResult(input.Host, 1));

    [Activity]
    public Task<DeletedObjects> DeleteServiceAccountTokensAsync(OlderThanInput input) => ActAsync(nameof(DeleteServiceAccountTokensAsync), () => Deleted(input, "tokens"));

    [Activity]
    public Task<DeletedObjects> DeletePodsAsync(OlderThanInput input) => ActAsync(nameof(DeletePodsAsync), () => Deleted(input, "pods"));

    private FakeNode[] Servers => [.. cluster.Nodes.Where(n => n.Role == InstanceGroupRole.ControlPlane)];

    private DeletedObjects Deleted(OlderThanInput input, string what)
    {
        cluster.DeletedBefore.Add((what, input.Before));
        return new(3);
    }

    private async Task<T> ActAsync<T>(string activity, Func<T> act)
    {
        await faults.EnterAsync(activity);
        return cluster.Change(activity, act);
    }
}
