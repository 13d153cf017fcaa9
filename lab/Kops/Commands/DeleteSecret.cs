using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.StateStore;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops delete secret</c>: one, also in the older form with its type before its name. In a bucket one that is not there is no error, in a folder it is.</summary>
internal static class DeleteSecret
{
    public static async Task RunAsync(KopsCall call)
    {
        string[] arguments = [.. call.Command.Arguments];
        if (arguments is ["sshpublickey", ..])
            throw new KopsError("the lab's kops has no SSH public keys");
        if (GetVersion.IsOlder(call) && arguments is ["keypair", var keyset, .. var more] && more.Length < 2)
        {
            await DeleteKeypairAsync(call, keyset, more.FirstOrDefault()).ConfigureAwait(false);
            return;
        }

        if (arguments is ["secret", ..])
            arguments = arguments[1..];
        if (arguments.Length != 1)
            throw call.Usage(arguments.Length == 0 ? "secret name is required" : "too many arguments");
        string cluster = call.ClusterName();
        IStateFiles files = call.State();
        await Clusters.GetAsync(files, cluster).ConfigureAwait(false);
        string path = $"{cluster}/secrets/{arguments[0]}";
        if (files.WhyNotDeleted(path) is { } missing)
            throw new KopsError($"deleting secret {GoText.Quoted(arguments[0])}: {missing}");
        await files.DeleteAsync(path).ConfigureAwait(false);
    }

    // Leaves the keyset's files, without the keypair.
    private static async Task DeleteKeypairAsync(KopsCall call, string name, string? id)
    {
        string cluster = call.ClusterName();
        await Clusters.GetAsync(call.State(), cluster).ConfigureAwait(false);
        var store = new KeysetStore(call.State(), cluster, call.Log);
        string[] found = [.. await store.OlderIdsAsync(name).ConfigureAwait(false)];
        if (found.Length == 0)
            throw new KopsError($"Secret not found: {GoText.Quoted(name)}");
        found = [.. found.Where(f => id is null || f == id)];
        if (found.Length != 1)
            throw new KopsError(found.Length == 0 ? "secret not found" : "found multiple matching secrets; specify the id of the key");
        StoredKeyset keyset = await KeypairCommand.FindAsync(store, name).ConfigureAwait(false);
        await store.StoreOlderAsync(keyset with { Keypairs = [.. keyset.Keypairs.Where(k => k.Id != found[0])] }).ConfigureAwait(false);
    }
}
