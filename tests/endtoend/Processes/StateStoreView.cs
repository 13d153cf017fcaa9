using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YamlDotNet.RepresentationModel;

namespace Rotation.Tests.EndToEnd.Processes;

/// <summary>The keysets as they lie in a lab's state store, read without any code of the product.</summary>
internal sealed class StateStoreView(string folder)
{
    /// <summary>Every keyset by name, as it is now.</summary>
    public IReadOnlyDictionary<string, StoredKeyset> Read() => Directory.EnumerateDirectories(folder)
        .SelectMany(name => Directory.EnumerateFiles(name, "keyset.yaml"))
        .ToDictionary(file => Path.GetFileName(Path.GetDirectoryName(file)!), ReadFile, StringComparer.Ordinal);

    /// <summary>Differs whenever a keyset was written in between; cheap to ask.</summary>
    public string Stamp() => string.Join(' ', Directory.EnumerateFiles(folder, "keyset.yaml", SearchOption.AllDirectories).Select(f => $"{f}@{File.GetLastWriteTimeUtc(f).Ticks}").Order(StringComparer.Ordinal));

    private static StoredKeyset ReadFile(string file)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(File.ReadAllText(file)));
        var spec = (YamlMappingNode)((YamlMappingNode)stream.Documents[0].RootNode)["spec"];
        StoredKeypair[] keypairs = [.. ((YamlSequenceNode)spec["keys"]).Cast<YamlMappingNode>().Select(key => new StoredKeypair($"{key["id"]}", !key.Children.ContainsKey("distrustTimestamp")) { Fingerprint = FingerprintOf(key) })];
        return new StoredKeyset($"{spec["primaryId"]}", keypairs);
    }

    private static string FingerprintOf(YamlMappingNode key)
    {
        if (!key.Children.TryGetValue("publicMaterial", out YamlNode? material))
            return "";
        using var certificate = X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(Convert.FromBase64String($"{material}")));
        return Convert.ToHexStringLower(SHA256.HashData(certificate.RawData));
    }
}

/// <summary>A keyset in a state store.</summary>
/// <param name="Primary">Id of its primary.</param>
/// <param name="Keypairs">Its keypairs in the file's order.</param>
internal sealed record StoredKeyset(string Primary, IReadOnlyList<StoredKeypair> Keypairs)
{
    /// <summary>Ids that nodes and clients trust, and the primary: what a way back must bring back.</summary>
    public string Trust => $"{Primary}: {string.Join(' ', Keypairs.Where(k => k.Trusted).Select(k => k.Id))}";
}

/// <summary>A keypair in a state store.</summary>
internal sealed record StoredKeypair(string Id, bool Trusted)
{
    /// <summary>SHA-256 of its certificate, lower-case hexadecimal; empty when it has none.</summary>
    public string Fingerprint { get; init; } = "";
}
