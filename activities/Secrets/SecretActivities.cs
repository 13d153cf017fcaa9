using System.Security.Cryptography;
using Rotation.Activities.Kops;
using Rotation.Activities.Kubeconfigs;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Temporalio.Activities;

namespace Rotation.Activities.Secrets;

/// <summary>
/// Changes symmetric secrets with kops. The new content is decided once and kept before kops is asked, so every attempt writes the same bytes; what the state store
/// already holds is not written again.
/// </summary>
internal sealed class SecretActivities(IKops kops, SecretReader reader, NewSecrets fresh, KeptCopies copies, ClusterLeases leases) : ISecretActivities
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(1);

    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<SecretState> ReadSecretAsync(SecretInput input) => Describe(input, await reader.ReadAsync(input.Cluster, input.Secret, Token).ConfigureAwait(false));

    /// <inheritdoc/>
    [Activity]
    public async Task<SecretState> ChangeSecretAsync(ChangeSecretInput input)
    {
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, Token).ConfigureAwait(false);
        byte[]? present = await reader.ReadAsync(input.Cluster, input.Secret, Token).ConfigureAwait(false);
        if (await copies.FindAsync(input.Cluster.Rotation, AfterOf(input), Name(input), Token).ConfigureAwait(false) is not { } wanted)
        {
            await copies.KeepAsync(input.Cluster.Rotation, BeforeOf(input), Name(input), present, Token).ConfigureAwait(false);
            wanted = await copies.KeepAsync(input.Cluster.Rotation, AfterOf(input), Name(input), await fresh.AfterAsync(input, present, Token).ConfigureAwait(false), Token).ConfigureAwait(false);
        }

        return await PutAsync(input, lease, present, wanted).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    [Activity]
    public async Task<SecretState> RestoreSecretAsync(SecretInput input)
    {
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, Token).ConfigureAwait(false);
        byte[]? kept = await copies.FindAsync(input.Cluster.Rotation, BeforeOf(input), Name(input), Token).ConfigureAwait(false);
        if (kept is not { Length: > 0 })
            throw RotationErrors.Permanent(RotationErrors.SecretRefused, $"The step '{input.Step}' kept no '{Name(input)}' that could be put back.");
        return await PutAsync(input, lease, await reader.ReadAsync(input.Cluster, input.Secret, Token).ConfigureAwait(false), kept).ConfigureAwait(false);
    }

    private async Task<SecretState> PutAsync(SecretInput input, ClusterLease lease, byte[]? present, byte[] wanted)
    {
        if (present is not null && present.AsSpan().SequenceEqual(wanted))
            return Describe(input, present);

        using var folder = new SecretFolder();
        string file = folder.File(Name(input));
        await PrivateFiles.CreateAsync(file, wanted, Token).ConfigureAwait(false);
        await kops.RunAsync(input.Cluster, new() { Arguments = ["create", "secret", Name(input), "-f", file, "--force"], Deadline = lease.Limit(Deadline), HeldLock = lease.KopsLock }, Token).ConfigureAwait(false);
        byte[]? back = await reader.ReadAsync(input.Cluster, input.Secret, Token).ConfigureAwait(false);
        if (back is not null && back.AsSpan().SequenceEqual(wanted))
            return Describe(input, back);
        // Where a kops no longer has the subcommand it prints its help and exits with 0.
        throw input.Secret == SecretName.WeavePassword && (back ?? []).AsSpan().SequenceEqual(present ?? [])
            ? RotationErrors.Permanent(RotationErrors.SecretRefused, "kops did not change the Weave password: this version has no Weave any more.")
            : RotationErrors.Passing(RotationErrors.KopsFailed, $"kops reported success, but the state store holds another '{Name(input)}' than was written.");
    }

    private static SecretState Describe(SecretInput input, byte[]? content)
    {
        if (content is null)
            return new("", 0);
        string hash = Convert.ToHexStringLower(SHA256.HashData(content));
        if (input.Secret != SecretName.EncryptionConfig)
            return new(hash, 0);
        var configuration = EncryptionConfiguration.Parse(content);
        return new(hash, configuration.KeyCount) { Resources = configuration.Resources };
    }

    private static string Name(SecretInput input) => SecretReader.NameOf(input.Secret);

    private static string BeforeOf(SecretInput input) => $"{input.Step} before";

    private static string AfterOf(SecretInput input) => $"{input.Step} after";
}
