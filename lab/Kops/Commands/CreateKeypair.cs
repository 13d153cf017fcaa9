using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Rotation.Lab.Kops.Keysets;
using Rotation.Lab.Kops.Output;
using Rotation.Lab.Pki;

namespace Rotation.Lab.Kops.Commands;

/// <summary><c>kops create keypair</c>: adds one more keypair at every run.</summary>
internal static class CreateKeypair
{
    public static async Task RunAsync(KopsCall call)
    {
        _ = call.ClusterName();
        string keyset = call.Command.Arguments switch
        {
            [] => throw call.Usage("must specify name of keyset to add keypair to"),
            [var only] => only,
            _ => throw call.Usage("can only add to one keyset at a time"),
        };
        if (keyset == "all" && new[] { "cert", "key", "primary" }.FirstOrDefault(f => call.Command.Flag(f) is not (null or "" or "false")) is { } flag)
            throw call.Usage($"cannot specify --{flag} with \"all\"");
        if (!StoredKeyset.IsRotatable(keyset))
            throw new KopsError($"adding keypair to {GoText.Quoted(keyset)} is not supported");
        KeysetStore store = await KeypairCommand.OpenAsync(call, "error getting cluster").ConfigureAwait(false);
        await KeypairCommand.EachAsync(call, store, keyset, "creating", name => AddAsync(call, store, name)).ConfigureAwait(false);
    }

    private static async Task AddAsync(KopsCall call, KeysetStore store, string name)
    {
        (string certificate, string? key) = Make(call, name);
        bool primary = call.Command.Switch("primary");
        StoredKeyset? keyset = await store.FindAsync(name).ConfigureAwait(false);
        if (keyset is null && !primary)
            throw new KopsError("the first keypair added to a keyset must be primary");
        (StoredKeyset added, string id) = (keyset ?? new StoredKeyset(name, "", [])).Add(certificate, key, primary);
        string? certificatePath = Given(call, "cert"), keyPath = Given(call, "key");
        await store.StoreAsync(added, $"error storing user provided keys {GoText.Quoted(certificatePath ?? "")} {GoText.Quoted(keyPath ?? "")}").ConfigureAwait(false);
        if (certificatePath is not null)
            call.Output.Write($"using user provided cert: {certificatePath}\n");
        if (keyPath is not null)
            call.Output.Write($"using user provided private key: {keyPath}\n");
        call.Output.Write($"Created {name} {id}\n");
    }

    private static (string Certificate, string? Key) Make(KopsCall call, string name)
    {
        using AsymmetricAlgorithm? key = Given(call, "key") is { } keyPath ? Key(call, Text(keyPath, "private key")) : null;
        if (Given(call, "cert") is { } certificatePath)
            return (Certificate(call, certificatePath, Text(certificatePath, "cert")), key is null ? null : PemKeys.Text(key));
        PemPair made = key is null ? KopsCertificates.CreateCa(name) : KopsCertificates.SelfSign(name, key);
        return (made.Certificate, made.PrivateKey);
    }

    // kops quotes the whole file in this error, key or not.
    private static AsymmetricAlgorithm Key(KopsCall call, string text)
    {
        (IReadOnlyList<string> passed, bool found) = PemKeys.Look(text);
        foreach (string label in passed)
            call.Log.Info("privatekey.go:207", $"Ignoring unexpected PEM block: {GoText.Quoted(label)}");
        try
        {
            return found ? PemKeys.Read(text) : throw new CryptographicException("could not parse private key (unable to decode PEM)");
        }
        catch (CryptographicException e)
        {
            throw new KopsError($"error loading private key {GoText.Quoted(text)}: {e.Message}");
        }
    }

    private static string Certificate(KopsCall call, string path, string text)
    {
        bool found = HoldsCertificate(call, text);
        try
        {
            using X509Certificate2 certificate = KopsCertificates.Read(text);
            return KopsCertificates.Text(certificate);
        }
        catch (CryptographicException e)
        {
            throw new KopsError($"error loading certificate {GoText.Quoted(path)}: {(found ? $"x509: malformed certificate ({e.Message})" : "could not parse certificate")}");
        }
    }

    private static bool HoldsCertificate(KopsCall call, string text)
    {
        for (ReadOnlySpan<char> rest = text; PemEncoding.TryFind(rest, out PemFields fields); rest = rest[fields.Location.End..])
        {
            string label = rest[fields.Label].ToString();
            if (label == "CERTIFICATE")
                return true;
            call.Log.Info("certificate.go:107", $"Ignoring unexpected PEM block: {GoText.Quoted(label)}");
        }

        return false;
    }

    // As kops: a path in the user's home folder.
    private static string? Given(KopsCall call, string flag) => call.Command.Flag(flag) is { Length: > 0 } path
        ? path.StartsWith("~/", StringComparison.Ordinal) ? Path.Combine(call.Variable("HOME") ?? Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), path[2..]) : path
        : null;

    private static string Text(string path, string what) =>
        File.Exists(path) ? File.ReadAllText(path) : throw new KopsError($"error reading user provided {what} {GoText.Quoted(path)}: {GoFiles.WhyNotRead(path)}");
}
