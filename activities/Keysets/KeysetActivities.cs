using System.Security.Cryptography;
using Rotation.Activities.Hosting;
using Rotation.Activities.Kops;
using Rotation.Activities.Running;
using Rotation.Workflows;
using Rotation.Workflows.Activities;
using Rotation.Workflows.Contracts;
using Temporalio.Activities;

namespace Rotation.Activities.Keysets;

/// <summary>
/// Changes one keyset at a time with kops. Each reads the state store first, acts only when needed and under the cluster's lease, and reads again: so a
/// retry, a crash between effect and answer, or two attempts at once have exactly one effect.
/// </summary>
internal sealed class KeysetActivities(IKops kops, KeysetReader reader, ClusterLeases leases, SuppliedKeypairs supplied, RotationOptions options) : IKeysetActivities
{
    private static CancellationToken Token => ActivityExecutionContext.Current.CancellationToken;

    /// <inheritdoc/>
    [Activity]
    public async Task<StagedKeypair> StageKeypairAsync(StageKeypairInput input)
    {
        await using Pulse pulse = Pulse.Start($"stages a keypair of {input.Keyset}", options.Deadlines.Poll);
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, Token).ConfigureAwait(false);
        KeysetState before = await reader.ReadAsync(input.Cluster, input.Keyset, Token).ConfigureAwait(false);
        KeypairState? staged = Fresh(input, before);
        if (staged is not null)
            return new(input.Keyset, staged.Id, staged.Fingerprint, Adopted: true);

        await CreateAsync(input, before, lease).ConfigureAwait(false);
        staged = Fresh(input, await reader.ReadAsync(input.Cluster, input.Keyset, Token).ConfigureAwait(false))
            ?? throw RotationErrors.Passing(RotationErrors.KopsFailed, $"kops reported success, but keyset '{input.Keyset}' has no new keypair.");
        return new(input.Keyset, staged.Id, staged.Fingerprint, Adopted: false);
    }

    /// <inheritdoc/>
    [Activity]
    public Task<KeypairChange> PromoteKeypairAsync(KeypairInput input) => ChangeAsync(input, "promote", KeypairRules.Promote);

    /// <inheritdoc/>
    [Activity]
    public Task<KeypairChange> DistrustKeypairAsync(KeypairInput input) => ChangeAsync(input, "distrust", KeypairRules.Distrust);

    /// <inheritdoc/>
    [Activity]
    public Task<KeypairChange> TrustKeypairAsync(KeypairInput input) => ChangeAsync(input, "trust", KeypairRules.Trust);

    private async Task CreateAsync(StageKeypairInput input, KeysetState before, ClusterLease lease)
    {
        if (input is { Policy: null, Supplied: null })
        {
            await RunAsync(input.Cluster, lease, ["create", "keypair", input.Keyset]).ConfigureAwait(false);
            return;
        }

        using var folder = new SecretFolder();
        (byte[] certificate, byte[] key) = await ImportedAsync(input, before).ConfigureAwait(false);
        try
        {
            await PrivateFiles.CreateAsync(folder.File("ca.crt"), certificate, Token).ConfigureAwait(false);
            await PrivateFiles.CreateAsync(folder.File("ca.key"), key, Token).ConfigureAwait(false);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }

        await RunAsync(input.Cluster, lease, ["create", "keypair", input.Keyset, "--cert", folder.File("ca.crt"), "--key", folder.File("ca.key")]).ConfigureAwait(false);
    }

    private async Task<(byte[] Certificate, byte[] Key)> ImportedAsync(StageKeypairInput input, KeysetState before) => (input.Policy, input.Supplied) switch
    {
        ({ } policy, null) => NewCa.Make(input.Keyset, policy, TimeProvider.System.GetUtcNow()),
        (null, { } name) => await supplied.GetAsync(name, before, Token).ConfigureAwait(false),
        _ => throw RotationErrors.Permanent(RotationErrors.InvalidRequest, "policy and supplied cannot both be given: the certificate is either made or supplied."),
    };

    private async Task<KeypairChange> ChangeAsync(KeypairInput input, string verb, Func<KeysetState, string, KeysetState> rule)
    {
        await using Pulse pulse = Pulse.Start($"{verb}s {input.KeypairId} of {input.Keyset}", options.Deadlines.Poll);
        await using ClusterLease lease = await leases.AcquireAsync(input.Cluster, Token).ConfigureAwait(false);
        KeysetState before = await reader.ReadAsync(input.Cluster, input.Keyset, Token).ConfigureAwait(false);
        KeysetState wanted = rule(before, input.KeypairId);
        if (KeypairRules.Same(before, wanted))
            return new(Changed: false, before.PrimaryId);

        await RunAsync(input.Cluster, lease, [verb, "keypair", input.Keyset, input.KeypairId]).ConfigureAwait(false);
        KeysetState after = await reader.ReadAsync(input.Cluster, input.Keyset, Token).ConfigureAwait(false);
        if (KeypairRules.Same(after, before))
            throw RotationErrors.Passing(RotationErrors.KopsFailed, $"kops reported success, but keyset '{input.Keyset}' is as it was before '{verb} {input.KeypairId}'.");
        return KeypairRules.Same(after, wanted)
            ? new(Changed: true, after.PrimaryId)
            : throw RotationErrors.Permanent(RotationErrors.DriftDetected, $"After '{verb} {input.KeypairId}' keyset '{input.Keyset}' is not what that makes of it: somebody else changed it too.");
    }

    private async Task RunAsync(ClusterRef cluster, ClusterLease lease, string[] arguments) =>
        await kops.RunAsync(cluster, new() { Arguments = arguments, Deadline = lease.Limit(options.Deadlines.KopsChange), HeldLock = lease.KopsLock }, Token).ConfigureAwait(false);

    private static KeypairState? Fresh(StageKeypairInput input, KeysetState keyset)
    {
        if (input.KnownIds.FirstOrDefault(id => keyset.Keypairs.All(k => k.Id != id)) is { } lost)
            throw RotationErrors.Permanent(RotationErrors.DriftDetected, $"Keyset '{input.Keyset}' has lost the keypair {lost} since the rotation began.");

        KeypairState[] fresh = [.. keyset.Keypairs.Where(k => !input.KnownIds.Contains(k.Id))];
        if (fresh.Length > 1)
            throw RotationErrors.Permanent(RotationErrors.UnexpectedKeypair, $"Keyset '{input.Keyset}' has {fresh.Length} new keypairs ({string.Join(", ", fresh.Select(k => k.Id))}): somebody else is at work.");
        if (fresh is [{ } one] && (one.Distrusted || !one.HasPrivateKey || one.Id == keyset.PrimaryId))
            throw RotationErrors.Permanent(RotationErrors.UnexpectedKeypair, $"Keyset '{input.Keyset}' has a new keypair {one.Id} that is not as staging makes it: somebody else is at work.");
        return fresh.SingleOrDefault();
    }
}
