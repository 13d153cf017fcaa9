using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Pki;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops create keypair</c>: adds one more keypair at every run.</summary>
internal static class CreateKeypair
{
    // A larger serial number than kops draws itself does not do as an id.
    private const int MostIdBits = 96;

    public static async Task RunAsync(KopsCall call)
    {
        _ = call.ClusterName();
        string keyset = call.Command.Arguments switch
        {
            [] => throw call.Usage("must specify name of keyset to add keypair to"),
            [var only] => only,
            _ => throw call.Usage("can only add to one keyset at a time"),
        };
        if (keyset == "all" && new[] { "cert", "key", "primary" }.FirstOrDefault(call.Command.IsGiven) is { } flag)
            throw call.Usage($"cannot specify --{flag} with \"all\"");
        if (!StoredKeyset.IsRotatable(keyset))
            throw new KopsError($"adding keypair to \"{keyset}\" is not supported");
        KeysetStore store = await KeypairCommand.OpenAsync(call, "error getting cluster").ConfigureAwait(false);
        await KeypairCommand.EachAsync(call, store, keyset, "creating", name => AddAsync(call, store, name)).ConfigureAwait(false);
    }

    private static async Task AddAsync(KopsCall call, KeysetStore store, string name)
    {
        StoredKeypair keypair = Make(call, name);
        StoredKeyset? keyset = await store.FindAsync(name).ConfigureAwait(false);
        if (keyset is null && name == "kubernetes-ca")
            call.Log.Warning("vfs_castore.go:383", "CA private key was not found");
        bool primary = call.Command.Switch("primary");
        if (keyset is null && !primary)
            throw new KopsError("the first keypair added to a keyset must be primary");
        if (primary && keypair.PrivateKey is null)
            throw new KopsError("private key not provided for primary item");
        keyset ??= new StoredKeyset(name, keypair.Id, []);
        await store.StoreAsync(keyset.With(keypair) with { PrimaryId = primary ? keypair.Id : keyset.PrimaryId }).ConfigureAwait(false);
        if (call.Command.Flag("cert") is { } certificate)
            call.Log.Info("create_keypair.go:239", $"using user provided cert: {certificate}");
        if (call.Command.Flag("key") is { } key)
            call.Log.Info("create_keypair.go:242", $"using user provided private key: {key}");
        call.Output.Write($"Created {name} {keypair.Id}\n");
    }

    private static StoredKeypair Make(KopsCall call, string name)
    {
        string? key = call.Command.Flag("key") is { } keyPath ? Text(keyPath, "private key") : null;
        if (call.Command.Flag("cert") is not { } certificatePath)
            return StoredKeypair.Of(key is null ? KopsCertificates.CreateCa(name) : Brought(() => KopsCertificates.SelfSign(name, key), call.Command.Flag("key")!, "private key"));
        string pem = Text(certificatePath, "cert");
        return Brought(
            () =>
            {
                Org.BouncyCastle.Math.BigInteger serial = KopsCertificates.ReadCertificate(pem).SerialNumber;
                return new StoredKeypair(serial.BitLength <= MostIdBits ? serial.ToString() : KopsSerial.New(), pem, key);
            },
            certificatePath,
            "certificate");
    }

    private static string Text(string path, string what) =>
        File.Exists(path) ? File.ReadAllText(path) : throw new KopsError($"error reading user provided {what} \"{path}\": open {path}: no such file or directory");

    private static T Brought<T>(Func<T> read, string path, string what)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is InvalidDataException or IOException or Org.BouncyCastle.Security.GeneralSecurityException or ArgumentException)
        {
            throw new KopsError($"error loading {what} \"{path}\": {e.Message}");
        }
    }
}
