using Rotation.Lab.Kops.Keysets;

namespace Rotation.Lab.Kops.Commands;

/// <summary>What <c>create|promote|distrust|trust keypair</c> share: the cluster must be there; <c>all</c> goes through every keyset, and what was done stays done when one fails.</summary>
internal static class KeypairCommand
{
    /// <summary>The cluster's keysets.</summary>
    public static async Task<KeysetStore> OpenAsync(KopsCall call, string prefix)
    {
        string cluster = call.ClusterName();
        try
        {
            await Clusters.GetAsync(call.State(), cluster).ConfigureAwait(false);
        }
        catch (KopsError e) when (prefix.Length > 0)
        {
            throw new KopsError($"{prefix}: \"{cluster}\": {e.Message}");
        }

        return new KeysetStore(call.State(), cluster, call.Log);
    }

    /// <summary>Does something to a keyset, or to each when it is named <c>all</c>.</summary>
    public static async Task EachAsync(KopsCall call, KeysetStore store, string keyset, string doing, Func<string, Task> change)
    {
        if (keyset != "all")
        {
            await change(keyset).ConfigureAwait(false);
            return;
        }

        foreach (string name in (await store.AllAsync("listing keysets").ConfigureAwait(false)).Select(k => k.Name).Where(StoredKeyset.IsRotatable))
        {
            try
            {
                call.Faults.BeforeNext();
                await change(name).ConfigureAwait(false);
            }
            catch (KopsError e)
            {
                throw new KopsError($"{doing} keypair for {name}: {e.Message}");
            }
        }
    }

    /// <summary>The keyset; fails when there is none.</summary>
    public static async Task<StoredKeyset> FindAsync(KeysetStore store, string name) =>
        await store.FindAsync(name).ConfigureAwait(false) ?? throw new KopsError("keyset not found");
}
