using Rotation.Lab.Kops.Keysets;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops promote keypair</c>: without an id, the newest trusted keypair that has a private key.</summary>
internal static class PromoteKeypair
{
    public static async Task RunAsync(KopsCall call)
    {
        _ = call.ClusterName();
        (string keyset, string? id) = call.Command.Arguments switch
        {
            [] => throw call.Usage("must specify name of keyset promote keypair in"),
            [var only] => (only, null),
            [_, _, _, ..] => throw call.Usage("can only promote to one keyset at a time"),
            ["all", _] => throw call.Usage("cannot specify ID with \"all\""),
            [var first, var second, ..] => (first, second.Length == 0 ? null : second),
        };
        if (!StoredKeyset.IsRotatable(keyset))
            throw new KopsError($"promoting keypairs for {Output.GoText.Quoted(keyset)} is not supported");
        KeysetStore store = await KeypairCommand.OpenAsync(call, "getting cluster").ConfigureAwait(false);
        await KeypairCommand.EachAsync(call, store, keyset, "promoting", name => PromoteAsync(call, store, name, id)).ConfigureAwait(false);
    }

    private static async Task PromoteAsync(KopsCall call, KeysetStore store, string name, string? id)
    {
        StoredKeyset keyset = await KeypairCommand.FindAsync(store, name).ConfigureAwait(false);
        string chosen = id is null ? Newest(keyset) : Checked(keyset, id);
        if (id is null && chosen == keyset.PrimaryId)
        {
            call.Output.Write($"No {name} keypair newer than current primary {chosen}\n");
            return;
        }

        await store.StoreAsync(keyset with { PrimaryId = chosen }, "writing keyset").ConfigureAwait(false);
        call.Output.Write($"Promoted {name} {chosen}\n");
    }

    private static string Newest(StoredKeyset keyset) =>
        keyset.Keypairs.Where(k => k.IsTrusted && k.PrivateKey is not null && k.Certificate.Length > 0 && k.Number > 0).MaxBy(k => k.Number)?.Id ?? throw new KopsError("writing keyset: keyset must have a primary key");

    private static string Checked(StoredKeyset keyset, string id) => keyset.Find(id) switch
    {
        null => throw new KopsError("keypair not found"),
        { IsTrusted: false } => throw new KopsError("keypair is distrusted"),
        { PrivateKey: null } => throw new KopsError("keypair has no private key"),
        { Certificate.Length: 0 } => throw new KopsError("keypair has no certificate"),
        _ => id,
    };
}
