using Rotation.Lab.Kops.Keysets;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops distrust keypair</c>: without ids, every keypair older than the primary; never a newer one.</summary>
internal static class DistrustKeypair
{
    public static async Task RunAsync(KopsCall call)
    {
        _ = call.ClusterName();
        string[] arguments = [.. call.Command.Arguments];
        if (arguments.Length == 0)
            throw call.Usage("must specify name of keyset to distrust keypair in");
        if (arguments is ["all", _, ..])
            throw call.Usage("cannot specify ID with \"all\"");
        KeysetStore store = await KeypairCommand.OpenAsync(call, "").ConfigureAwait(false);
        await KeypairCommand.EachAsync(call, store, arguments[0], "distrusting", name => DistrustAsync(call, store, name, arguments[1..])).ConfigureAwait(false);
    }

    private static async Task DistrustAsync(KopsCall call, KeysetStore store, string name, string[] ids)
    {
        StoredKeyset keyset = await KeypairCommand.FindAsync(store, name).ConfigureAwait(false);
        if (ids.Length == 0)
        {
            var signing = keyset.Primary.Serial();
            ids = [.. keyset.Keypairs.Where(k => k.IsTrusted && k.Serial() < signing).Select(k => k.Id)];
            if (ids.Length == 0)
                call.Log.Info("distrust_keypair.go:164", $"No {name} keypairs older than the primary.");
        }

        foreach (string id in ids)
        {
            if (id == keyset.PrimaryId)
                throw new KopsError("cannot distrust the primary keypair");
            StoredKeypair keypair = keyset.Find(id) ?? throw new KopsError("keypair not found");
            if (!keypair.IsTrusted)
                continue;
            keyset = keyset.With(keypair with { DistrustedAt = DateTime.UtcNow });
            await store.StoreAsync(keyset, "error storing keyset").ConfigureAwait(false);
            call.Output.Write($"Distrusted {name} {id}\n");
        }
    }
}
