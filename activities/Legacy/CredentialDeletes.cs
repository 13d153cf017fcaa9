using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Running;
using Rotation.Activities.Stores;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;

namespace Rotation.Activities.Legacy;

/// <summary>Deletes keysets and secrets by <c>kops delete secret</c>, one at a time, and looks whether they are gone.</summary>
internal sealed class CredentialDeletes(IKops kops, StateStores stores, ClusterLeases leases, RotationOptions options)
{
    /// <summary>What there is to delete.</summary>
    public async Task<CredentialNames> ReadAsync(ClusterRef cluster, CancellationToken ct)
    {
        IReadOnlyList<string> hosts = options.Clusters.TryGetValue(cluster.Name, out ClusterOptions? special) ? [.. special.SshHosts.Select(h => h.Host).Order(StringComparer.Ordinal)] : [];
        return new(await KeysetsAsync(cluster, ct).ConfigureAwait(false), await SecretsAsync(cluster, ct).ConfigureAwait(false), hosts);
    }

    /// <summary>Deletes one.</summary>
    public async Task<DeletedCredential> DeleteAsync(DeleteCredentialInput input, CancellationToken ct)
    {
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, ct).ConfigureAwait(false);
        if (!await IsThereAsync(input, ct).ConfigureAwait(false))
            return new(WasThere: false);
        string kind = input.Kind == CredentialKind.Keypair ? "keypair" : "secret";
        var command = new KopsCommand { Arguments = ["delete", "secret", kind, input.Name], Deadline = lease.Limit(options.Deadlines.KopsChange), HeldLock = lease.KopsLock };
        await kops.RunAsync(input.Cluster, command, ct).ConfigureAwait(false);
        return await IsThereAsync(input, ct).ConfigureAwait(false)
            ? throw RotationErrors.Permanent(RotationErrors.DeleteRefused, $"kops reported success, but the {kind} '{input.Name}' is still in the state store: this version of kops cannot delete it. The legacy procedure is for versions before 1.22.")
            : new(WasThere: true);
    }

    private async Task<bool> IsThereAsync(DeleteCredentialInput input, CancellationToken ct) =>
        (input.Kind == CredentialKind.Keypair ? await KeysetsAsync(input.Cluster, ct).ConfigureAwait(false) : await SecretsAsync(input.Cluster, ct).ConfigureAwait(false)).Contains(input.Name);

    private Task<IReadOnlyList<string>> KeysetsAsync(ClusterRef cluster, CancellationToken ct) => stores.For(cluster).ListFoldersAsync($"{cluster.Name}/pki/private", ct);

    private async Task<IReadOnlyList<string>> SecretsAsync(ClusterRef cluster, CancellationToken ct) =>
        [.. (await stores.For(cluster).ListFilesAsync($"{cluster.Name}/secrets", ct).ConfigureAwait(false)).Select(p => p.Split('/')[^1])];
}
