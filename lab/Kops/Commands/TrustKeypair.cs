using Rotation.Lab.Kops.Keysets;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops trust keypair</c>: needs ids, and crashes on <c>all</c>.</summary>
internal static class TrustKeypair
{
    public static async Task RunAsync(KopsCall call)
    {
        _ = call.ClusterName();
        string[] arguments = [.. call.Command.Arguments];
        if (arguments.Length == 0)
            throw call.Usage("must specify name of keyset to trust keypair in");
        if (arguments.Length == 1)
            throw call.Usage("must specify names of keypairs to trust keypair in");
        KeysetStore store = await KeypairCommand.OpenAsync(call, "").ConfigureAwait(false);
        StoredKeyset keyset = await store.FindAsync(arguments[0]).ConfigureAwait(false)
            ?? throw KopsPanic.NilIn("main.RunTrustKeypair");
        foreach (string id in arguments[1..])
        {
            StoredKeypair keypair = keyset.Find(id) ?? throw new KopsError("keypair not found");
            if (keypair.IsTrusted)
                continue;
            keyset = keyset.With(keypair with { DistrustedAt = null });
            await store.StoreAsync(keyset, "error storing keypair").ConfigureAwait(false);
            call.Output.Write($"Trusted {keyset.Name} {id}\n");
        }
    }
}
